"""At rest: another format's artifact encrypted or signed, and refused before it is loaded.

Each wraps every format whose artifact is a file, with what lies beside it packed in:

    +aesgcm    AES-256-GCM in chunks: without the key nobody reads or changes it
    +hmac      HMAC-SHA256: everybody reads it, without the key nobody changes it
    +ed25519   a signature: without the private key nobody changes it; loading takes the public one

A file is verified to its end, into memory, before the inner format sees one byte of it, and it is
read once. It begins with a header that names its format, which is verified like the rest.

The keys here are for tests, and known to everybody. A user's `key` is 32 secret random bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import Any, BinaryIO, Iterator

from ..registry import Format, wrapper
from . import _packs
from ._sealed import KEY, Refused, Sealed

PUBLIC = bytes.fromhex(  # of the private key KEY
    "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
)
CHUNK = 256 * 1024
TAG = 16  # bytes that AES-GCM adds to a chunk


class Encrypted(Sealed):
    """AES-256-GCM in chunks, after the STREAM construction.

    A file has a random salt, and by HKDF a key of its own, made of the key, the salt and the
    header; so a chunk's nonce need only be its number, and whether it is the last. A chunk that
    was changed, moved, left out, repeated or added, or is of another file, does not decrypt.
    """

    way = "aesgcm"
    words = "encrypted by AES-256-GCM"
    module = "cryptography.hazmat.primitives.ciphers.aead"
    checksum = "AES-GCM's tag of every chunk, before anything is loaded"

    def __init__(self, inner: Format) -> None:
        super().__init__(inner)
        self.varies = "a random salt, and all that follows from it"

    def seal(self, pack: Iterator[bytes], file: BinaryIO) -> None:
        salt = os.urandom(32)
        file.write(salt)
        cipher = self._cipher(salt)
        for number, chunk, last in _packs.numbered(_packs.chunks(pack, CHUNK)):
            file.write(cipher.encrypt(_nonce(number, last), chunk, None))

    def open(self, file: BinaryIO, pack: BinaryIO) -> None:
        from cryptography.exceptions import InvalidTag

        cipher = self._cipher(file.read(32))
        last = False
        for number, chunk, last in _packs.numbered(iter(lambda: file.read(CHUNK + TAG), b"")):
            try:
                pack.write(cipher.decrypt(_nonce(number, last), chunk, None))
            except (
                InvalidTag,
                ValueError,
            ):  # the latter for what is shorter than a tag
                raise Refused("chunk %d is not as it was, or the key is another" % number)
        if not last:
            raise Refused("the file ends before its first chunk")

    def _cipher(self, salt: bytes) -> Any:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return AESGCM(HKDF(SHA256(), 32, salt, self.header()).derive(self.key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class Trailed(Sealed):
    """The pack as it is, and behind it what verifies the header and the pack."""

    length = 0  # of what verifies

    def seal(self, pack: Iterator[bytes], file: BinaryIO) -> None:
        digest = self.start()
        for block in pack:
            digest.update(block)
            file.write(block)
        file.write(self.proof(digest.digest()))

    def open(self, file: BinaryIO, pack: BinaryIO) -> None:
        digest = self.start()
        left = os.fstat(file.fileno()).st_size - file.tell() - self.length
        while left > 0:
            block = file.read(min(left, _packs.BLOCK))
            if not block:
                raise Refused("the file ends early")
            left -= len(block)
            digest.update(block)
            pack.write(block)
        if not self.holds(file.read(), digest.digest()):
            raise Refused("the file is not as it was, or the key is another")

    def start(self) -> Any:
        """What digests the pack, when it has digested the header."""
        raise NotImplementedError

    def proof(self, digest: bytes) -> bytes:
        """What follows the pack."""
        raise NotImplementedError

    def holds(self, proof: bytes, digest: bytes) -> bool:
        """Whether `proof` is what follows a pack of this digest."""
        raise NotImplementedError


class Authenticated(Trailed):
    """HMAC-SHA256 of the header and the pack."""

    way = "hmac"
    words = "authenticated by HMAC-SHA256"
    checksum = "HMAC-SHA256 of all, before anything is loaded"
    length = 32

    def start(self) -> Any:
        return hmac.new(self.key, self.header(), hashlib.sha256)

    def proof(self, digest: bytes) -> bytes:
        return digest

    def holds(self, proof: bytes, digest: bytes) -> bool:
        return hmac.compare_digest(proof, digest)


class Signed(Trailed):
    """An Ed25519 signature of the SHA-512 digest of the header and the pack.

    `key` is the public key, which is all that loading takes; `private` is for saving.
    """

    way = "ed25519"
    words = "signed by Ed25519"
    module = "cryptography.hazmat.primitives.asymmetric.ed25519"
    needed = "the private key"
    checksum = "an Ed25519 signature of all, before anything is loaded"
    length = 64
    key = PUBLIC
    private = KEY

    def start(self) -> Any:
        return hashlib.sha512(self.header())

    def proof(self, digest: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        signature: bytes = Ed25519PrivateKey.from_private_bytes(self.private).sign(digest)
        return signature

    def holds(self, proof: bytes, digest: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(proof, digest)
        except InvalidSignature:
            return False
        return True

    def forger(self) -> Sealed:
        other = type(self)(self.inner)
        other.private = bytes(32)
        return other


wrapper(Encrypted)
wrapper(Authenticated)
wrapper(Signed)
