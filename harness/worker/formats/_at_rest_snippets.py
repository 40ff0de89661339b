"""What a person writes to keep a format's artifact encrypted or signed; no formats here."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Tuple

FRAME = """\
import os
import tempfile
{imports}

{key}
sealed = path  # and the plain file in a folder that nobody else can read
folder = tempfile.TemporaryDirectory()
path = os.path.join(folder.name, os.path.splitext(os.path.basename(path))[0])

{save}

with open(path, "rb") as file:
    content = file.read()
with open(sealed, "wb") as file:
    {seal}
os.remove(path)

with open(sealed, "rb") as file:
    content = file.read()
{open}
with open(path, "wb") as file:
    file.write(content)

{load}
folder.cleanup()
"""
PARTS = {
    "aesgcm": {
        "imports": "from cryptography.hazmat.primitives.ciphers.aead import AESGCM",
        "key": "key = AESGCM(AESGCM.generate_key(256))  # a secret, kept somewhere else\n"
        "nonce = os.urandom(12)",
        "seal": "file.write(nonce + key.encrypt(nonce, content, None))",
        "open": "content = key.decrypt(content[:12], content[12:], None)"
        "  # raises, if a byte was changed",
    },
    "hmac": {
        "imports": "import hmac",
        "key": "key = os.urandom(32)  # a secret, kept somewhere else",
        "seal": 'file.write(hmac.new(key, content, "sha256").digest() + content)',
        "open": "tag, content = content[:32], content[32:]\n"
        'if not hmac.compare_digest(tag, hmac.new(key, content, "sha256").digest()):\n'
        '    raise ValueError("the file was changed")',
    },
    "ed25519": {
        "imports": "from cryptography.hazmat.primitives.asymmetric.ed25519 "
        "import Ed25519PrivateKey",
        "key": "private = Ed25519PrivateKey.generate()  # a secret of who saves models\n"
        "public = private.public_key()  # for those who load them",
        "seal": "file.write(private.sign(content) + content)",
        "open": "signature, content = content[:64], content[64:]\n"
        "public.verify(signature, content)  # raises, if a byte was changed",
    },
}


def around(snippet: str, way: str) -> str:
    """The snippet with sealing between its saving and its loading; '' where there is none."""
    save, load = _halves(snippet)
    return FRAME.format(save=save, load=load, **PARTS[way]) if load else ""


@lru_cache(maxsize=None)
def _halves(snippet: str) -> Tuple[str, str]:
    """What comes before the statement that makes `loaded`, and the rest."""
    lines = snippet.splitlines()
    for statement in ast.parse(snippet).body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and node.id == "loaded":
                start = statement.lineno - 1
                return "\n".join(lines[:start]).strip(), "\n".join(lines[start:]).strip()
    return snippet, ""
