"""The server's own keys: made on the first use, kept beside the database and never in it.

`DATA/keys/secret_key` signs cookies; `DATA/keys/signing_key.pem` (Ed25519) signs the ledger's head, receipts, bundles and
sittings that are carried elsewhere. Both have mode 0600 in a folder of mode 0700. Whoever holds only the database can
therefore not sign a head.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from bedside.errors import StoreError

MIN_SECRET_CHARACTERS = 50  # as Django's own check asks
SIGNED_PREFIX = b"bedside ledger head 1\n"  # so that a signature can never be taken for one over something else
SALT_PREFIX = b"bedside salt 1\n"
JOURNEY_PREFIX = b"bedside journey key 1\n"
_KEY_LINE = re.compile(r"(?:Ed25519\s+)?([0-9a-fA-F]{64})")


def secret_key(data: Path) -> str:
    """The key that signs cookies and forms.

    Raises:
        StoreError: the file can't be read or made, or what it holds is no such key; names the file and what to do.
    """
    path = data / "keys" / "secret_key"
    try:
        key = _kept(path, lambda: secrets.token_urlsafe(64).encode()).decode().strip()
    except UnicodeDecodeError:
        key = ""
    if len(key) < MIN_SECRET_CHARACTERS:
        raise StoreError(
            f"{path}: this is no key: it must be text of at least {MIN_SECRET_CHARACTERS} characters; take the file out of a "
            "backup, or remove it: the next start makes a new one, and everybody signs in again"
        )
    return key


@lru_cache(maxsize=8)
def signing_key(data: Path) -> Ed25519PrivateKey:
    """The key that signs the ledger's head.

    Raises:
        StoreError: the file can't be read or made, or what it holds is no such key; names the file and what to do.
    """
    path = data / "keys" / "signing_key.pem"
    packed = _kept(path, _new_signing_key)
    try:
        key = load_pem_private_key(packed, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: it is locked by a password
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise StoreError(
            f"{path}: this is no Ed25519 private key in PEM; take the file out of a backup, or remove it: the next start makes "
            "a new one, and receipts given before are checked by the old public key only"
        )
    return key


def public_key_hex(data: Path) -> str:
    """The public half of the signing key: 32 bytes as hexadecimal."""
    return signing_key(data).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def sign_head(data: Path, head: str) -> str:
    """The signature of a ledger's head, as hexadecimal."""
    return _signed_head(signing_key(data), head)


@lru_cache(maxsize=8)  # answers that were kept together have one head
def _signed_head(key: Ed25519PrivateKey, head: str) -> str:
    return key.sign(SIGNED_PREFIX + head.encode()).hex()


def is_signed(public_key: str, head: str, signature: str) -> bool:
    """Did the holder of `public_key` (hexadecimal) sign this head?"""
    return is_signed_by(public_key, SIGNED_PREFIX + head.encode(), signature)


def sign(data: Path, message: bytes) -> str:
    """The signature of a message, as hexadecimal. The message begins with a line that says what it is, and no other does."""
    return signing_key(data).sign(message).hex()


def is_signed_by(public_key: str, message: bytes, signature: str) -> bool:
    """Did the holder of `public_key` (hexadecimal) sign this message?"""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def keys_in(path: Path, *, shown_by: str) -> frozenset[str]:
    """The keys of a file, one a line as `shown_by` prints it, with a remark behind `#` where one is wanted; it need not exist.

    Raises:
        StoreError: the file can't be read, or a line of it is no key; names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return frozenset()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path}: the trusted keys can't be read: {error}") from error
    found: set[str] = set()
    for number, line in enumerate(lines, start=1):
        text = line.partition("#")[0].strip()
        match = _KEY_LINE.fullmatch(text)
        if text and match is None:
            raise StoreError(f"{path}, line {number}: this is no key; write 64 hexadecimal digits as `{shown_by}` does")
        found |= {match[1].lower()} if match else set()
    return frozenset(found)


def derived_salt(data: Path, name: str) -> str:
    """32 bytes as hexadecimal that only the holder of the signing key can compute, always the same for one name.

    A signature of this kind is the same each time and can't be told without the key; its digest serves as a salt.
    """
    return hashlib.sha256(signing_key(data).sign(SALT_PREFIX + name.encode())).hexdigest()


@lru_cache(maxsize=8)
def journey_key(data: Path) -> Ed25519PrivateKey:
    """The key that signs the journeys which are shared from here, derived from the signing key.

    It is another one, so that a journey that is shared without a name can't be told to be of the server that signed a receipt
    with somebody's name.
    """
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(signing_key(data).sign(JOURNEY_PREFIX)).digest())


def journey_key_hex(data: Path) -> str:
    """The public half of the journeys' key: 32 bytes as hexadecimal."""
    return journey_key(data).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def _new_signing_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes of `path`; where it does not exist yet, made whole or not at all, and by one process only."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise StoreError(f"{path}: the key can't be read: {error.strerror}") from error
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        handle, name = tempfile.mkstemp(dir=path.parent)  # mode 0600
        with os.fdopen(handle, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, path)  # fails if another process was first, whose key then holds
        except FileExistsError:
            pass
        finally:
            Path(name).unlink()
    except OSError as error:
        raise StoreError(f"{path}: the key can't be made: {error.strerror}") from error
    return path.read_bytes()
