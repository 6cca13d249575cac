// A text as a word processor keeps it: a zip whose files are not compressed (APPNOTE 4.3), with one paragraph a line.

const CRC = Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});
const crc = (bytes) => ~bytes.reduce((sum, byte) => CRC[(sum ^ byte) & 255] ^ (sum >>> 8), -1) >>> 0;

const fields = (...pairs) => Buffer.concat(pairs.map(([size, value]) => {
  const field = Buffer.alloc(size);
  field.writeUIntLE(value, 0, size);
  return field;
}));

function zip(files) {
  const local = [];
  const central = [];
  let at = 0;
  for (const [name, text] of files) {
    const path = Buffer.from(name);
    const bytes = Buffer.from(text);
    // Version, flags, method, time, the first of January 1980, sum, sizes, lengths of the name and of what is behind it.
    const known = [[2, 20], [2, 0x800], [2, 0], [2, 0], [2, 0x21], [4, crc(bytes)], [4, bytes.length], [4, bytes.length], [2, path.length], [2, 0]];
    const head = Buffer.concat([fields([4, 0x04034b50], ...known), path]);
    central.push(Buffer.concat([fields([4, 0x02014b50], [2, 20], ...known, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]), path]));
    local.push(head, bytes);
    at += head.length + bytes.length;
  }
  const list = Buffer.concat(central);
  const end = fields([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, list.length], [4, at], [2, 0]);
  return Buffer.concat([...local, list, end]);
}

const WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

export function docx(text) {
  const escaped = (line) => line.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const paragraphs = text.split("\n").map((line) => `<w:p><w:r><w:t>${escaped(line)}</w:t></w:r></w:p>`).join("");
  return zip([
    ["[Content_Types].xml", `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${MAIN}"/></Types>`],
    ["_rels/.rels", `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>`],
    ["word/document.xml", `<w:document xmlns:w="${WORD}"><w:body>${paragraphs}</w:body></w:document>`],
  ]);
}
