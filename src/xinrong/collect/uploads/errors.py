"""What can be wrong with an upload on its way, said in both languages."""

from __future__ import annotations

from xinrong.collect.errors import CollectError
from xinrong.domain.errors import Place
from xinrong.domain.text import Text


class UploadError(CollectError):
    """The request changed nothing. `words` says what is wrong and what to do."""

    code = "upload"

    def __init__(self, wrong: Text, remedy: Text, *, file: str = "") -> None:
        self.words = Text(zh=wrong.zh + remedy.zh, en=f"{wrong.en} {remedy.en}")
        super().__init__(wrong.en, place=Place(file=file), remedy=remedy.en)


class UnknownUpload(UploadError):
    """No upload has that key, or it is another department's."""

    code = "unknown_upload"

    def __init__(self) -> None:
        super().__init__(
            Text(zh="没有这个上传。", en="There is no such upload."),
            Text(zh="请在“报送”列表中查看您的上传。", en="See the list of your uploads."),
        )


class WrongOffset(UploadError):
    """A piece does not begin where the file ends; `offset` is where it does."""

    code = "wrong_offset"

    def __init__(self, offset: int, file: str) -> None:
        self.offset = offset
        super().__init__(
            Text(zh=f"已收到 {offset} 字节。", en=f"{offset} bytes are there."),
            Text(zh="请从该处继续发送。", en="Go on sending from there."),
            file=file,
        )


class ChunkRefused(UploadError):
    """A piece is empty, too large, or goes beyond the stated end of the file."""

    code = "chunk_refused"

    def __init__(self, largest: int, file: str) -> None:
        super().__init__(
            Text(
                zh="这一段是空的、过大，或超出了文件声明的长度。",
                en="This piece is empty, too large, or beyond the stated end of the file.",
            ),
            Text(
                zh=f"每段请发送 1 至 {largest} 字节。",
                en=f"Send between 1 and {largest} bytes at a time.",
            ),
            file=file,
        )


class EmptyUpload(UploadError):
    """The file has no bytes."""

    code = "empty_upload"

    def __init__(self, file: str) -> None:
        super().__init__(
            Text(zh="文件是空的（0 字节）。", en="The file is empty (0 bytes)."),
            Text(
                zh="请核对导出是否成功，然后重新选择文件。",
                en="Check that the export succeeded, then choose the file again.",
            ),
            file=file,
        )


class UploadTooLarge(UploadError):
    """The file is above its bound."""

    code = "upload_too_large"

    def __init__(self, size: int, limit: int, file: str, *, by_form: bool = False) -> None:
        remedy = Text(
            zh="请拆成几个文件报送，或请平台从数据库直接采集。",
            en="Split it into several files, or let the platform pull from your database.",
        )
        if by_form:
            remedy = Text(
                zh="请开启浏览器的 JavaScript：文件会分段上传，没有此限制。",
                en="Turn JavaScript on in your browser: the file is then sent in pieces, without "
                "this bound.",
            )
        found, allowed = size / 2**20, limit / 2**20
        super().__init__(
            Text(
                zh=f"文件过大：{found:,.1f} MB，上限 {allowed:,.0f} MB。",
                en=f"The file is too large: {found:,.1f} MB of {allowed:,.0f} MB allowed.",
            ),
            remedy,
            file=file,
        )


class QuotaReached(UploadError):
    """The department has too much on its way at once."""

    code = "upload_quota"

    def __init__(self, limit: Text) -> None:
        super().__init__(
            Text(
                zh=f"本部门未完成的上传已达上限（{limit.zh}）。",
                en=f"The uploads of your department that are not finished reach their bound "
                f"({limit.en}).",
            ),
            Text(
                zh="请先确认或放弃列表中的其他上传。",
                en="Confirm or discard others in the list first.",
            ),
        )


class NoRoom(UploadError):
    """The disk that holds uploads is full."""

    code = "no_room"

    def __init__(self, file: str) -> None:
        super().__init__(
            Text(
                zh="平台存放上传文件的磁盘已满，这一段没有保存。",
                en="The platform's disk for uploads is full; this piece was not kept.",
            ),
            Text(
                zh="已收到的部分没有丢失：请通知平台运营方，稍后从列表中继续上传。",
                en="What came before is kept: tell the operator, and go on from the list later.",
            ),
            file=file,
        )


class DigestDiffers(UploadError):
    """The bytes that came are not those that the browser read."""

    code = "digest_differs"

    def __init__(self, file: str) -> None:
        super().__init__(
            Text(
                zh="收到的内容与浏览器中的文件不一致（SHA-256 不同）。",
                en="What came is not what your browser read (their SHA-256 differ).",
            ),
            Text(
                zh="文件可能在上传中被修改，或续传时选错了文件。请从头重新上传。",
                en="The file was changed meanwhile, or another one was chosen to go on with. "
                "Send it again from the start.",
            ),
            file=file,
        )


class WrongState(UploadError):
    """The upload is past this step, or not yet there."""

    code = "upload_state"

    def __init__(self, file: str) -> None:
        super().__init__(
            Text(
                zh="这个上传不在可以这样操作的阶段。",
                en="The upload is not at the stage at which this can be done.",
            ),
            Text(zh="请重新打开它的页面。", en="Open its page again."),
            file=file,
        )
