"""Writes the document that the browser story hands in: a docx of three pages of a norm that no office has issued.

usage: story_document.py PATH
"""

import sys
import zipfile
from xml.sax.saxutils import escape

TEXT = """遵义市红花岗区人民政府关于印发遵义市红花岗区城市公园管理办法的通知
红府发〔2025〕7号

各镇人民政府、街道办事处，区直各部门：
现将《遵义市红花岗区城市公园管理办法》印发给你们，请遵照执行。

遵义市红花岗区人民政府
2025年3月18日
\f
遵义市红花岗区城市公园管理办法

第一章 总则
第一条 为了加强城市公园管理，根据《中华人民共和国城乡规划法》，制定本办法。
第二条 本区行政区域内城市公园的管理，适用本办法。
\f
第二章 开放
第三条 城市公园应当免费开放，不得以围墙圈占草坪收取露营费。
第四条 本办法自2025年5月1日起施行。"""

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
TYPES = f"""{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
RELATIONS = f"""{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"""


def paragraph(line):
    run = '<w:br w:type="page"/>' if line == "\f" else f"<w:t>{escape(line)}</w:t>"
    return f"<w:p><w:r>{run}</w:r></w:p>"


def write(path):
    body = "".join(map(paragraph, TEXT.split("\n")))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("_rels/.rels", RELATIONS)
        package.writestr("word/document.xml", f"{HEAD}<w:document {W}><w:body>{body}</w:body></w:document>")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write(sys.argv[1])
