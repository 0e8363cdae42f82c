"""What a demo registry holds: blobs, half-finished uploads, manifests and tags. In memory, within limits."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import threading
from dataclasses import dataclass, field

LARGEST_BODY = 64 * 1024 * 1024
LARGEST_MANIFEST = 4 * 1024 * 1024
MOST_BYTES = 512 * 1024 * 1024
MOST_UPLOADS = 64
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class Refused(Exception):
    """An answer of the distribution specification that is not a success: status, code and a text for people."""

    def __init__(self, status: int, code: str, message: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = headers

    @property
    def body(self) -> bytes:
        return json.dumps({"errors": [{"code": self.code, "message": str(self), "detail": None}]}).encode()


@dataclass(frozen=True, slots=True)
class Manifest:
    digest: str
    media_type: str
    body: bytes


@dataclass(slots=True)
class _Repository:
    blobs: dict[str, bytes] = field(default_factory=dict)
    manifests: dict[str, Manifest] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, bytearray] = field(default_factory=dict)


class Contents:
    """All repositories. A repository exists once something is written to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._repositories: dict[str, _Repository] = {}
        self._bytes = 0

    def blob(self, name: str, digest: str) -> bytes:
        with self._lock:
            found = self._repository(name).blobs.get(_digest(digest))
        if found is None:
            raise Refused(404, "BLOB_UNKNOWN", "blob unknown to registry")
        return found

    def mount(self, name: str, digest: str, source: str) -> bool:
        """Takes over a blob that another repository holds; whether it does."""
        with self._lock:
            found = self._repository(source).blobs.get(_digest(digest))
            if found is not None:
                self._writable(name).blobs[digest] = found
            return found is not None

    def begin(self, name: str) -> str:
        with self._lock:
            uploads = self._writable(name).uploads
            if sum(len(each.uploads) for each in self._repositories.values()) >= MOST_UPLOADS:
                raise Refused(429, "TOOMANYREQUESTS", "too many uploads have begun and not ended")
            upload = secrets.token_hex(16)
            uploads[upload] = bytearray()
            return upload

    def append(self, name: str, upload: str, data: bytes, start: int | None = None) -> int:
        """Adds to an upload and returns its size. `start` is where the client believes it goes on."""
        with self._lock:
            held = self._upload(name, upload)
            if start is not None and start != len(held):
                raise Refused(416, "BLOB_UPLOAD_INVALID", "this part does not follow the last one")
            if len(held) + len(data) > LARGEST_BODY:
                raise Refused(413, "SIZE_INVALID", "the demo registry takes blobs of 64 MiB at most")
            self._grow(len(data))
            held += data
            return len(held)

    def size(self, name: str, upload: str) -> int:
        with self._lock:
            return len(self._upload(name, upload))

    def finish(self, name: str, upload: str, digest: str) -> None:
        """Turns an upload into a blob if it is what it claims to be; else it is thrown away."""
        with self._lock:
            held = bytes(self._upload(name, upload))
            self._cancel(name, upload)
            if digest_of(held) != _digest(digest):
                raise Refused(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
            repository = self._writable(name)
            if digest not in repository.blobs:
                self._grow(len(held))
                repository.blobs[digest] = held

    def cancel(self, name: str, upload: str) -> None:
        with self._lock:
            self._upload(name, upload)
            self._cancel(name, upload)

    def manifest(self, name: str, reference: str) -> Manifest:
        with self._lock:
            repository = self._repository(name)
            found = repository.manifests.get(repository.tags.get(reference, reference))
        if found is None:
            raise Refused(404, "MANIFEST_UNKNOWN", "manifest unknown")
        return found

    def put_manifest(self, name: str, reference: str, media_type: str, body: bytes) -> str:
        """Keeps a manifest whose blobs are here, under its digest and, unless that was asked for, under a tag."""
        digest = digest_of(body)
        with self._lock:
            repository = self._writable(name)
            missing = [each for each in _blobs_of(body) if each not in repository.blobs]
            if missing:
                raise Refused(404, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry")
            if ":" not in reference:
                repository.tags[reference] = digest
            elif reference != digest:
                raise Refused(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
            if digest not in repository.manifests:
                self._grow(len(body))
            repository.manifests[digest] = Manifest(digest, media_type, body)
        return digest

    def tags(self, name: str) -> list[str]:
        with self._lock:
            if name not in self._repositories:
                raise Refused(404, "NAME_UNKNOWN", "repository name not known to registry")
            return sorted(self._repositories[name].tags)

    def _repository(self, name: str) -> _Repository:
        return self._repositories.get(name) or _Repository()

    def _writable(self, name: str) -> _Repository:
        return self._repositories.setdefault(name, _Repository())

    def _upload(self, name: str, upload: str) -> bytearray:
        held = self._repository(name).uploads.get(upload)
        if held is None:
            raise Refused(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")
        return held

    def _cancel(self, name: str, upload: str) -> None:
        self._bytes -= len(self._repositories[name].uploads.pop(upload))

    def _grow(self, size: int) -> None:
        if self._bytes + size > MOST_BYTES:
            raise Refused(413, "SIZE_INVALID", "the demo registry is full")
        self._bytes += size


def digest_of(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _digest(text: str) -> str:
    if not DIGEST.fullmatch(text):
        raise Refused(400, "DIGEST_INVALID", "only sha256 digests are known here")
    return text


def _blobs_of(body: bytes) -> list[str]:
    """Digests of the blobs a manifest needs. Layers that live elsewhere, and lists of manifests, need none."""
    try:
        manifest = json.loads(body)
        parts = [manifest.get("config"), *(manifest.get("layers") or [])]
        return [str(part["digest"]) for part in parts if part and not part.get("urls")]
    except (ValueError, AttributeError, TypeError, KeyError, RecursionError):
        raise Refused(400, "MANIFEST_INVALID", "manifest invalid") from None
