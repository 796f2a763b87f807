"""Are the files of a network, or of what lies beside it, those that its card names?"""

from __future__ import annotations

from histoviewer.errors import ModelError, reason_of
from histoviewer.inference.model_card import ModelCard, Network, PatchIndexFile, file_sha256
from histoviewer.translation import _


def check_files(card: ModelCard, listed: Network | PatchIndexFile) -> None:
    """Raises ModelError where a file of what the card lists lacks, cannot be read or is another one."""
    for name, checksum in listed.files.items():
        path = card.folder / name
        try:
            is_whole = file_sha256(path) == checksum
        except FileNotFoundError:
            message = _("The model in {folder} lacks {name}. Install the bundle again.")
            raise ModelError(message.format(folder=card.folder, name=name)) from None
        except OSError as error:
            message = _(
                "Cannot read {path}, a file of the model: {reason}. "
                "Check its disk and permissions, or install the bundle again."
            )
            raise ModelError(message.format(path=path, reason=reason_of(error))) from error
        if not is_whole:
            message = _(
                "{path} is not the file the model card names (sha256 differs). Install the bundle again."
            )
            raise ModelError(message.format(path=path))
