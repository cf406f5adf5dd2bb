"""The Python of the README, as it is printed there, but for the port."""

import re
from pathlib import Path


def test_README_python(ready, key_file, monkeypatch, capsys):
    text = (Path(__file__).parent / "../../README.md").read_text()
    (snippet,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert "http://127.0.0.1:8080" in snippet
    # Where the server made its folder carnet-dev.
    monkeypatch.chdir(Path(key_file).parent.parent)

    exec(compile(snippet.replace("http://127.0.0.1:8080", ready.issuer), "README.md", "exec"), {})

    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 2
    for line in printed:
        assert line.startswith("{'invoices': [{")
