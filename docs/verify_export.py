"""Checks an exported edition without Plainleaf: python3 -I verify_export.py FOLDER. What it proves: see record.md."""

import hashlib, json, pathlib, sys, tomllib

SOURCE = ["key", "title", "authors", "publisher", "year", "url", "doi", "pmid", "note", "strength"]
canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
files = {path.name: path.read_bytes() for path in sorted(pathlib.Path(sys.argv[1]).iterdir()) if path.is_file()}
sums = {name: hashlib.sha256(found).hexdigest() for name, found in files.items()}
record = json.loads(files["record.json"])
toml = tomllib.loads("\n".join(files[name].decode() for name in files if name.endswith(".toml")))
pages = [files[name].decode().removeprefix("+++\n").split("\n+++\n", 1) for name in files if name.endswith(".md")]
content = {
    "guide": {key: toml["guide"][key] for key in ("title", "summary", "language", "written_by", "funding")},
    "pages": [{"entries": []} | tomllib.loads(front) | {"markdown": text.removesuffix("\n")} for front, text in pages],
    "sources": [{key: row.get(key) for key in SOURCE} for row in toml.get("sources", [])],
    "terms": toml.get("terms", []),
    "images": [
        {"sha256": sums.get(row["file"]), "alternative_text": row["alternative_text"]} for row in toml.get("images", [])
    ],
}
chain, holds = "", {f"file {name}": sums.get(name) == was for name, was in record["files"].items()}
for number, link in enumerate(record["chain"], start=1):
    linked = canonical([chain, record["slug_at_creation"], number, link["content_hash"], link["made_at"]])
    chain = hashlib.sha256(linked.encode()).hexdigest()
    holds[f"chain hash of edition {number}"] = (number, chain) == (link["number"], link["chain_hash"])
holds["content hash"] = hashlib.sha256(canonical(content).encode()).hexdigest() == link["content_hash"]
code = "".join("23456789abcdefghjkmnpqrstvwxyz"[int(chain, 16) // 30**place % 30] for place in range(8))
holds[f"edition {number}, made {link['made_at']}, code {code}"] = record | link | {"code": code} == record
print(*(f"{'holds' if does else 'DOES NOT HOLD'}: {what}" for what, does in holds.items()), sep="\n")
sys.exit(not all(holds.values()))
