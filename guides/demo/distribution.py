"""The protocol of a demo registry: the part of the distribution specification that login, push and pull need."""

from __future__ import annotations

import re
from collections.abc import Mapping

from guides.demo.contents import LARGEST_BODY, LARGEST_MANIFEST, Refused
from guides.demo.exchange import Answer, json_answer
from guides.demo.sign_in import SignIn

PATH = re.compile(
    r"/v2/(?P<name>.{1,255}?)/(?:blobs/uploads/(?P<upload>[0-9a-f]*)|blobs/(?P<digest>[^/]+)"
    r"|manifests/(?P<reference>[^/]+)|(?P<tags>tags/list))"
)
NAME = re.compile(r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*")
REFERENCE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|sha256:[0-9a-f]{64}")
MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+/_;= -]{1,255}")
READING = ("GET", "HEAD")


class Distribution(SignIn):
    """Answers for blobs, uploads, manifests and tags."""

    def answer(self, path: str, query: Mapping[str, list[str]]) -> Answer:
        if path == "/token" and self.registry.scheme == "token":
            return self.token(query)
        if path == "/v2/":
            self.admit()
            return Answer(200, b"{}")
        found = PATH.fullmatch(path)
        if not found or not NAME.fullmatch(found["name"]):
            self.admit()
            raise Refused(404, "NAME_INVALID", "invalid repository name")
        name = found["name"]
        self.admit(name, *(("pull",) if self.command in READING else ("pull", "push")))
        if found["upload"] is not None:
            return self._upload(name, found["upload"], {key: values[0] for key, values in query.items()})
        if found["reference"] is not None:
            return self._manifest(name, found["reference"])
        if self.command not in READING:
            raise _unsupported()
        if found["tags"] is not None:
            return json_answer(200, {"name": name, "tags": self.registry.contents.tags(name)})
        blob = self.registry.contents.blob(name, found["digest"])
        return Answer(200, blob, (("Docker-Content-Digest", found["digest"]),), "application/octet-stream")

    def _upload(self, name: str, upload: str, query: Mapping[str, str]) -> Answer:
        contents = self.registry.contents
        match self.command:
            case "POST" if not upload:
                if "mount" in query and contents.mount(name, query["mount"], query.get("from", "")):
                    return _created(name, query["mount"])
                upload = contents.begin(name)
                if "digest" not in query:
                    return _progress(202, name, upload, 0)
                return self._finish(name, upload, query["digest"])
            case "PATCH":
                size = contents.append(name, upload, self.body(LARGEST_BODY), self._start())
                return _progress(202, name, upload, size)
            case "PUT":
                return self._finish(name, upload, query.get("digest", ""))
            case "GET":
                return _progress(204, name, upload, contents.size(name, upload))
            case "DELETE":
                contents.cancel(name, upload)
                return Answer(204)
        raise _unsupported()

    def _finish(self, name: str, upload: str, digest: str) -> Answer:
        contents = self.registry.contents
        contents.append(name, upload, self.body(LARGEST_BODY), self._start())
        contents.finish(name, upload, digest)
        return _created(name, digest)

    def _start(self) -> int | None:
        """Where a part begins: `Content-Range: 0-99`, which is not the form that HTTP gives this header."""
        begin = self.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
        return int(begin) if re.fullmatch(r"[0-9]{1,16}", begin) else None

    def _manifest(self, name: str, reference: str) -> Answer:
        if not REFERENCE.fullmatch(reference):
            raise Refused(400, "TAG_INVALID", "this is neither a tag nor a digest")
        contents = self.registry.contents
        if self.command in READING:
            found = contents.manifest(name, reference)
            return Answer(200, found.body, (("Docker-Content-Digest", found.digest),), found.media_type)
        if self.command != "PUT":
            raise _unsupported()
        media_type = self.headers.get("Content-Type", "")
        if not MEDIA_TYPE.fullmatch(media_type):  # it goes back into a header
            raise Refused(400, "MANIFEST_INVALID", "a manifest needs a media type")
        digest = contents.put_manifest(name, reference, media_type, self.body(LARGEST_MANIFEST))
        location = ("Location", f"/v2/{name}/manifests/{digest}")
        return Answer(201, b"", (location, ("Docker-Content-Digest", digest)))


def _created(name: str, digest: str) -> Answer:
    return Answer(201, b"", (("Location", f"/v2/{name}/blobs/{digest}"), ("Docker-Content-Digest", digest)))


def _progress(status: int, name: str, upload: str, size: int) -> Answer:
    location = ("Location", f"/v2/{name}/blobs/uploads/{upload}")
    return Answer(status, b"", (location, ("Range", f"0-{max(size - 1, 0)}"), ("Docker-Upload-UUID", upload)))


def _unsupported() -> Refused:
    return Refused(405, "UNSUPPORTED", "the operation is unsupported")
