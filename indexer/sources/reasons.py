"""What the operating system says of a file, in Russian, and names of files that any console can print."""

from pathlib import Path

NO_PDF = "для PDF нужна библиотека pypdfium2: pip install 'indexer[pdf]'"
NO_MEMORY = "на чтение не хватило памяти: разделите файл на части"


def unreadable(error: OSError) -> str:
    """Why a file or a folder could not be read, and what to do. The path is left for the caller to name."""
    match error:
        case FileNotFoundError():
            return "нет такого файла или папки: проверьте путь"
        case PermissionError():
            return "нет прав на чтение: откройте доступ или запустите от имени владельца"
        case IsADirectoryError():
            return "это папка, а не файл: добавьте её как папку"
        case NotADirectoryError():
            return "это файл, а не папка: добавьте его как файл"
    return f"не читается ({error.strerror or error}): проверьте диск и права"


def printable(path: Path) -> str:
    r"""The path as UTF-8 can hold it: a byte FF of a name, which is no UTF-8, is written as «\udcff»."""
    return str(path).encode("utf-8", "backslashreplace").decode()
