from __future__ import annotations

import copy
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from xinrong.domain.canonical import canonical_json
from xinrong.domain.signatures import (
    Ed25519Signer,
    PublicKey,
    SignatureError,
    open_envelope,
    seal,
    verify,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)
SIGNER = Ed25519Signer(Ed25519PrivateKey.from_private_bytes(b"1" * 32))
OTHER = Ed25519Signer(Ed25519PrivateKey.from_private_bytes(b"2" * 32))
# Half of a surrogate pair is no character: no document holds one.
DOCUMENTS = VALUES.filter(lambda value: "\\ud" not in json.dumps(value))


@given(DOCUMENTS)
def test_canonical_json_reads_back_and_has_one_spelling(value: Any) -> None:
    spelled = canonical_json(value)
    assert json.loads(spelled) == value
    assert canonical_json(json.loads(spelled)) == spelled


@given(st.dictionaries(st.text(max_size=4).filter(str.isascii), st.integers(), min_size=2))
def test_the_order_in_which_keys_were_written_does_not_matter(value: dict[str, int]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


def test_what_is_no_number_has_no_spelling() -> None:
    with pytest.raises(ValueError):
        canonical_json({"amount": float("nan")})


@given(DOCUMENTS)
def test_a_sealed_document_opens_to_itself_even_after_travelling_as_text(value: Any) -> None:
    travelled = json.loads(json.dumps(seal(value, SIGNER), indent=3))
    assert open_envelope(travelled, [OTHER.public, SIGNER.public]) == value


@given(st.binary(max_size=64), st.integers(0, 63), st.integers(1, 255))
def test_one_changed_byte_of_a_signature_breaks_it(message: bytes, at: int, by: int) -> None:
    signature = bytearray(SIGNER.sign(message))
    assert verify(SIGNER.public, message, bytes(signature))
    signature[at] ^= by
    assert not verify(SIGNER.public, message, bytes(signature))


@given(DOCUMENTS, DOCUMENTS)
def test_no_other_document_opens_with_the_signature(one: Any, other: Any) -> None:
    envelope = seal(one, SIGNER) | {"payload": other}
    if canonical_json(one) == canonical_json(other):
        assert open_envelope(envelope, [SIGNER.public]) == other
    else:
        with pytest.raises(SignatureError):
            open_envelope(envelope, [SIGNER.public])


def test_a_signature_does_not_pass_for_another_keys() -> None:
    envelope = seal({"type": "consent"}, SIGNER) | {"kid": OTHER.kid}
    with pytest.raises(SignatureError) as refused:
        open_envelope(envelope, [SIGNER.public, OTHER.public])
    assert refused.value.code == "signature_invalid"


def test_a_key_that_nobody_published_opens_nothing() -> None:
    with pytest.raises(SignatureError) as refused:
        open_envelope(seal({}, OTHER), [SIGNER.public])
    assert refused.value.code == "key_unknown"


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "none"},
        {"alg": "SM2"},
        {"alg": None},
        {"kid": 7},
        {"signature": ""},
        {"signature": "***"},
        {"signature": "AA=="},
        {"extra": 1},
    ],
    ids=str,
)
def test_an_envelope_that_is_not_exactly_right_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(SignatureError):
        open_envelope(copy.deepcopy(seal({"a": 1}, SIGNER)) | change, [SIGNER.public])


@pytest.mark.parametrize("thing", [None, [], "x", {}, {"payload": {}}], ids=repr)
def test_what_is_no_envelope_is_refused(thing: Any) -> None:
    with pytest.raises(SignatureError) as refused:
        open_envelope(thing, [SIGNER.public])
    assert refused.value.code == "envelope_malformed"


def test_an_unknown_algorithm_is_named() -> None:
    with pytest.raises(SignatureError, match="'SM2' is not known") as refused:
        verify(PublicKey("k", "SM2", b""), b"", b"")
    assert refused.value.code == "algorithm_unknown"


def test_a_key_file_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key.pem"
    made = Ed25519Signer.make_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Ed25519Signer.from_file(path).kid == made.kid
    with pytest.raises(FileExistsError):
        Ed25519Signer.make_file(path)
    assert [file.name for file in path.parent.iterdir()] == ["key.pem"]


def test_a_file_that_holds_no_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text("nothing")
    with pytest.raises(SignatureError, match=r"key\.pem.*no Ed25519 private key"):
        Ed25519Signer.from_file(path)
