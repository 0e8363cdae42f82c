"""How a Dockerfile is rewritten, case by case, and what is refused with its reason. test_rebuilt builds them."""

from __future__ import annotations

import pytest

from guides.edits.json_text import apply
from guides.images.draft import NotRewritten
from guides.images.literals import Literal
from guides.images.rewriting import Rewrite, Wanted, rewrite

S = "THE-SECRET"
SYNTAX = "# syntax=docker/dockerfile:1\n"
MOUNT = "--mount=type=secret,id={0},required=true"


def rewritten(text: str, variables: tuple[str, ...] = (), files: tuple[str, ...] = ()) -> tuple[str, Rewrite]:
    literals, position = [], text.find(S)
    while position >= 0:
        literals.append(Literal(position, position + len(S), plain=True))
        position = text.find(S, position + 1)
    made = rewrite(text, Wanted(tuple(literals), variables, files, name="TOKEN"))
    return apply(text, made.splices), made


CASES = {
    "a setting of several, first, in the middle and last": (
        f"FROM x\nARG T={S} A=1\nENV B=2 U={S} \\\n    C=3\nENV D=4 V='{S}'\nRUN echo $A\n",
        "FROM x\nARG A=1\nENV B=2 \\\n    C=3\nENV D=4\nRUN echo $A\n",
    ),
    "the old form of ENV": (f"FROM x\nENV T a {S}\nUSER y\n", "FROM x\nUSER y\n"),
    "a label": (f"FROM x\nLABEL a=b c={S}\n", "FROM x\nLABEL a=b\n"),
    "another user": (
        f"FROM x\nARG T={S}\nUSER app\nRUN make $T\n",
        f"{SYNTAX}FROM x\nUSER app\nRUN {MOUNT.format('T')},mode=0444 " + 'export T="$(cat /run/secrets/T)"; make $T\n',
    ),
    "flags that are there, and directives": (
        f"#syntax=docker/dockerfile:1.7\n# escape=\\\nFROM x\nRUN --network=none curl -u a:{S} b\n",
        f"#syntax=docker/dockerfile:1.7\n# escape=\\\nFROM x\nRUN {MOUNT.format('TOKEN')} --network=none "
        'curl -u a:"$(cat /run/secrets/TOKEN)" b\n',
    ),
    "a tool that reads the variable unasked, and Windows' line ends": (
        f"FROM x\r\nENV NPM_TOKEN={S}\r\nRUN npm ci\r\n",
        f"{SYNTAX[:-1]}\r\nFROM x\r\nRUN {MOUNT.format('NPM_TOKEN')} "
        'export NPM_TOKEN="$(cat /run/secrets/NPM_TOKEN)"; npm ci\r\n',
    ),
    "a login that is printed into a file, in the middle of a chain": (
        f'FROM x\nARG T={S}\nRUN set -e; echo "//r.example.com/:_authToken=$T" > ~/.npmrc && \\\n'
        "    npm ci && \\\n    rm -f ~/.npmrc\n",
        f"{SYNTAX}FROM x\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc,required=true set -e; npm ci\n",
    ),
    "a login by standard input": (
        f"FROM x\nRUN echo {S} | docker login -u a --password-stdin r.example.com && docker pull r.example.com/x\n",
        f"{SYNTAX}FROM x\nRUN --mount=type=secret,id=dockerconfig,target=/root/.docker/config.json,required=true "
        "docker pull r.example.com/x\n",
    ),
    "a RUN that did nothing else": (
        f"FROM x\nRUN npm config set //r.example.com/:_authToken {S}\nRUN npm ci\n",
        f"{SYNTAX}FROM x\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc,required=true npm ci\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_rewritten(name: str) -> None:
    before, after = CASES[name]
    made, _ = rewritten(before)
    assert made == after
    assert S not in made


REFUSED = {
    "FROM needs it": (f"FROM x\nARG T={S}\nFROM y:$T\n", "FROM needs it"),
    "it is part of another one": (f"FROM x\nARG T={S}\nENV URL=https://a:$T@b\n", "ENV URL is made of it"),
    "CMD": (f'FROM x\nCMD ["a", "{S}"]\n', "what the container runs"),
    "a list of words": (f'FROM x\nRUN ["a", "{S}"]\n', "a list of words"),
    "a here-document": (f"FROM x\nRUN <<E\ncurl -u a:{S} b\nE\n", "a here-document"),
    "PowerShell": (f'FROM x\nSHELL ["powershell", "-c"]\nRUN a {S}\n', "a shell that is not known"),
    "a comment": (f"FROM x\n# {S}\n", "no instruction"),
    "a trigger": (f"FROM x\nONBUILD ENV T={S}\n", "ONBUILD"),
    "git keeps it": (f"FROM x\nRUN git clone https://a:{S}@g.example.com/x\n", "git keeps"),
    "a tool keeps it": (f"FROM x\nRUN helm repo add a b --password {S}\n", "helm keeps"),
    "it is written into a file": (f"FROM x\nRUN echo {S} > /key\n", "into a file"),
    "a login in a loop": (f"FROM x\nRUN if a; then npm config set b {S}; fi\nRUN npm ci\n", "more than one thing"),
    "the home of a user": (f"FROM x\nUSER app\nRUN npm config set b {S} && npm ci\n", "home folder"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_safe_is_refused_with_the_way_by_hand(name: str) -> None:
    text, reason = REFUSED[name]
    with pytest.raises(NotRewritten) as left:
        rewritten(text)
    assert reason in left.value.reason
    assert left.value.how.endswith(".")


FILES = {
    "named, one of several": (
        "FROM x\nWORKDIR /app\nCOPY a.json .npmrc b.json ./\nRUN npm ci && rm -f .npmrc\n",
        "/app/.npmrc",
        f"{SYNTAX}FROM x\nWORKDIR /app\nCOPY a.json b.json ./\n"
        "RUN --mount=type=secret,id=npmrc,target=/app/.npmrc,required=true npm ci\n",
    ),
    "under another name, in a folder that only the base names": (
        "FROM x\nCOPY --chown=a npmrc.ci .npmrc\nRUN yarn\nRUN make\n",
        "/home/a/.npmrc",
        f"{SYNTAX}FROM x\nRUN --mount=type=secret,id=npmrc,target=/home/a/.npmrc,required=true yarn\nRUN make\n",
    ),
    "read by who names it": (
        "FROM x\nCOPY ci.token /t/ci.token\nRUN make --token-file /t/ci.token\nRUN make\n",
        "/t/ci.token",
        f"{SYNTAX}FROM x\nRUN --mount=type=secret,id=citoken,target=/t/ci.token,required=true "
        "make --token-file /t/ci.token\nRUN make\n",
    ),
    "read by the program": ("FROM x\nCOPY .env /srv/.env\nRUN make\n", "/srv/.env", "FROM x\nRUN make\n"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_copied_file_is_mounted(name: str) -> None:
    before, path, after = FILES[name]
    assert rewritten(before, files=(path,))[0] == after


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("FROM x AS a\nFROM y\nCOPY --from=a /r/.npmrc /r/.npmrc\n", "another stage"),
        ("FROM x\nCOPY .npmrc /r/\nRUN cp /r/.npmrc /z\n", "a copy"),
        ("FROM x\nCOPY src /src\n", "no COPY"),
    ],
)
def test_a_copied_file_that_goes_further_is_refused(text: str, reason: str) -> None:
    with pytest.raises(NotRewritten, match=reason):
        rewritten(text, files=("/r/.npmrc",))


def test_a_variable_that_no_run_names_is_told() -> None:
    _, made = rewritten(f"FROM x\nENV DB_PASSWORD={S}\nARG OTHER={S}\nRUN make\n")
    assert any("docker run --env-file" in note for note in made.notes)
    assert any("id=OTHER,env=OTHER" in note for note in made.notes)
