#!/usr/bin/env python3
"""Takes gathered fact tables over into corpus/: universities, hospitals, libraries, museums, memorials, departments,
vertically managed bodies, examination offices, high courts.

usage: take_facts.py FOLDER

FOLDER has the tables as they were gathered (universities.csv, hospitals.csv …), a row a body, with the columns name,
short_names, division_code, website, host, sources, host_status, note. What is written: rows of institutions.csv,
websites.csv, dropped_hosts.csv and short_names.csv; rows that are there stay as they are, so that it can be run again.
Every row that is left out is told with the reason, and how many there were for each.

The rules (corpus/README.md has them too; what can be seen in corpus/ alone is checked again by the reader):
- a body needs a name and a division; where a table gives the province alone, the city or county whose name the body's
  begins with is its division
- a list whose licence binds and a list that guesses give no address by themselves
- an address that lists of 2019 alone give is history and no site
- one host for two bodies is told, and so is the host of the body above; neither is written
- a telephone number of a private person (a mobile number) is refused
- companies, shops and services are no public bodies
"""
import collections, csv, hashlib, pathlib, re, sys

CORPUS = pathlib.Path(__file__).resolve().parent.parent / "corpus"
INSTITUTION = ["id", "name", "short_names", "category", "level", "division_code", "parent", "name_basis", "sources"]
WEBSITE = ["institution_id", "url", "host", "sources"]
DROPPED = ["institution_id", "host", "sources", "reason"]
SHORT_NAME = ["short", "full", "place", "origin", "ground"]

# What the tables call their material, and the list of sources.csv that it is. None: it gives no evidence for an address
# (the list that names the bodies, and lists that guess).
LISTS = {
    "moe-2026-06-17": None, "evanyao(generated)": None, "whitelist": "court-domains-2026-11",
    "page-mirror-2024": "university-page-titles-2024", "fudan-ranking-2023-list": "hospital-ranking-2023",
    "tertiary-seed": "tertiary-hospitals-seed", "(adapters, 2026)": "site-adapters-2026",
    "(checked 2026-09)": "checked-sites-2026-09", "(old list, about 2013)": "basin-list-2013",
    "(html option list)": "basin-options", "code": "public-code-2026-11",
    "html list": "page-links-2026-11",
    "文旅公共发〔2023〕134号": None, "app list": "library-apps",
}
# Lists that say no more than that an address was met on a page of somebody else's, without the name in full.
CITED = re.compile(r"^\((pages?|named)\b.*\)$")
BINDING = {"laosheng"}
OF_2019 = {"demired-2019"}
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
NO_PUBLIC_BODY = re.compile(r"公司|药店|诊所|门诊部|商店")
LOCAL_NAME = re.compile("^([省市县区]?)(图书馆|博物馆|医院|附属医院|人民医院|中医院|考试院|大学|学院)$")
LEVELS = {2: "province", 4: "prefecture", 6: "county"}
# Who runs a school, as the ministry's list has it, and the body's full name.
AUTHORITIES = {"教委": "教育委员会"}


def read(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def gathered(path):
    """A table as it was gathered, with the brackets of Chinese names as corpus/ writes them."""
    brackets = str.maketrans("()", "（）")
    rows = read(path)
    for row in rows:
        for column in ("name", "short_names"):
            row[column] = row[column].translate(brackets)
    return rows


def write(name, columns, rows, key):
    with open(CORPUS / name, "w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, columns, lineterminator="\n")
        out.writeheader()
        out.writerows(sorted(rows, key=key))


class Corpus:
    def __init__(self):
        self.institutions = read(CORPUS / "institutions.csv")
        self.websites = read(CORPUS / "websites.csv")
        self.dropped = read(CORPUS / "dropped_hosts.csv")
        self.short = read(CORPUS / "short_names.csv") if (CORPUS / "short_names.csv").exists() else []
        self.divisions = {d["code"]: d for d in read(CORPUS / "divisions.csv")}
        self.common = {r["host"] for r in read(CORPUS / "common_hosts.csv")}
        self.by_name = {i["name"]: i for i in self.institutions}
        self.ids = {i["id"] for i in self.institutions}
        self.owners = collections.defaultdict(set)
        for site in self.websites:
            self.owners[site["host"]].add(site["institution_id"])
        self.suffixes = self.usual_suffixes()
        self.left_out = collections.Counter()
        self.taken = collections.Counter()

    def usual_suffixes(self):
        """What stands for a department in ids, by its name without its division: 民政厅 -> mz."""
        seen = collections.defaultdict(collections.Counter)
        for i in self.institutions:
            division = self.divisions.get(i["division_code"])
            if division and i["name"].startswith(division["name"]) and not re.search(r"-x\d+$", i["id"]):
                seen[i["name"][len(division["name"]):]][i["id"].split("-", 1)[1]] += 1
        return {name: count.most_common(1)[0][0] for name, count in seen.items()}

    def refuse(self, table, name, reason):
        self.left_out[(table, reason)] += 1
        print(f"{table}: {name}: {reason}")

    def division_of(self, name, code):
        """The city or county of a province, or of a city, that a name begins with; else the code that was given."""
        best = ("", code)
        if not code or code == "000000":
            return code
        head = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
        for d in self.divisions.values():
            if d["code"].startswith(head):
                for called in (d["name"], d["short_name"]):
                    if len(called) >= 2 and name.startswith(called) and len(called) > len(best[0]):
                        best = (called, d["code"])
        return best[1]

    def place_named(self, name):
        """The one division of the country whose full name, else the one city or province whose short one, a name begins with."""
        found = {d["code"] for d in self.divisions.values() if name.startswith(d["name"])}
        found = found or {c for c, d in self.divisions.items() if c.endswith("00") and name.startswith(d["short_name"])}
        longest = max((len(self.divisions[c]["name"]) for c in found), default=0)
        found = {c for c in found if len(self.divisions[c]["name"]) == longest}
        if len(found) != 1:
            return ""
        return self.division_of(name, found.pop())

    def superiors(self, division, parent):
        path = [division[:n].ljust(6, "0") for n in (6, 4, 2)]
        ids = {f"{code}-gov" for code in path}
        return ids | {i["id"] for i in self.institutions if parent and i["name"] == parent}

    def body(self, table, name, category, division, *, sources, level=None, parent="", basis="source", key=None,
             note=""):
        """Writes a body, or says why not; its id where it is there."""
        # Marks of the page that a list was taken from, and further names in the same cell, are no part of a name.
        name = re.sub("<[^>]*>", "", name).split("，")[0].strip()
        if name in self.by_name:
            return self.by_name[name]["id"]
        if not name or division not in self.divisions and division != "000000":
            return self.refuse(table, name, "没有区划，或区划不在表中")
        if NO_PUBLIC_BODY.search(name):
            return self.refuse(table, name, "公司、药店、诊所不是公共机构")
        if MOBILE.search(note):
            return self.refuse(table, name, "有手机号码，可能是个人的")
        hashed = "i-" + hashlib.sha256(f"{division}\0{name}".encode()).hexdigest()[:12]
        usual = self.suffixes.get(name.removeprefix(self.divisions.get(division, {}).get("name", "-")))
        id = key or (f"{division}-{usual}" if usual else hashed)
        if id in self.ids:
            there = next(i["name"] for i in self.institutions if i["id"] == id)
            print(f"{table}: {name}: 编号 {id} 已是“{there}”，改用 {hashed}")
            id = hashed
        if not level:
            level = "central" if division == "000000" else LEVELS[len(re.sub("(00)+$", "", division))]
        row = dict(id=id, name=name, short_names="", category=category, level=level, division_code=division,
                   parent=parent, name_basis=basis, sources=";".join(sources))
        self.institutions.append(row)
        self.by_name[name] = row
        self.ids.add(id)
        self.taken[table] += 1
        return id

    def site(self, table, id, url, host, lists):
        """Writes a site, or says why not."""
        body = next(i for i in self.institutions if i["id"] == id)
        if any(s["institution_id"] == id and s["host"] == host for s in self.websites):
            return
        lists = sorted(set(lists))
        if not set(lists) - BINDING:
            return self.refuse(table, f"{body['name']} {host}", "只有许可受限的名单，或推测而成的名单给出这个网址")
        if not set(lists) - BINDING - OF_2019 and len(lists) == 1:
            self.refuse(table, f"{body['name']} {host}", "只见于 2019 年的名单")
            return self.drop(id, host, lists, "只见于2019—2020年的名单")
        above = self.superiors(body["division_code"], body["parent"]) & self.owners[host] - {id}
        own_page = host in self.common and re.match(r"https?://[^/]+/.", url)
        if above and not own_page:
            return self.refuse(table, f"{body['name']} {host}", f"是上级 {sorted(above)[0]} 的主机")
        if self.owners[host] - {id} and host not in self.common:
            return self.refuse(table, f"{body['name']} {host}", f"已归于 {sorted(self.owners[host])[0]}")
        self.owners[host].add(id)
        self.websites.append(dict(institution_id=id, url=url, host=host, sources=";".join(lists)))
        self.taken[table + " 网址"] += 1

    def drop(self, id, host, lists, reason):
        if not any(d["institution_id"] == id and d["host"] == host for d in self.dropped):
            self.dropped.append(dict(institution_id=id, host=host, sources=";".join(lists), reason=reason))

    def called(self, short, full, origin="list", place=None, ground=""):
        """A short name, behind those who have it already."""
        if local := LOCAL_NAME.match(short):
            # What people of one place say: 县图书馆 is that of their county.
            division = self.divisions.get(self.by_name[full]["division_code"])
            if not division or local[2] in ("大学", "学院"):
                return
            short = division["name"] + local[2]
        there = [r for r in self.short if r["short"] == short]
        if short == full or any(r["full"] == full for r in there):
            return
        at = place or 1 + max((int(r["place"]) for r in there), default=0)
        self.short.append(dict(short=short, full=full, place=at, origin=origin, ground=ground))

    def save(self):
        write("institutions.csv", INSTITUTION, self.institutions, lambda r: r["id"])
        write("websites.csv", WEBSITE, self.websites, lambda r: r["institution_id"])
        write("dropped_hosts.csv", DROPPED, self.dropped, lambda r: r["institution_id"])
        write("short_names.csv", SHORT_NAME, self.short, lambda r: (r["short"], int(r["place"])))


def lists_of(text):
    """The lists of sources.csv that a cell names; those that give no address are left out."""
    found = []
    for part in filter(None, map(str.strip, re.split(r";(?![^(]*\))", text))):
        # A note on how a list was tried: mcp_library_search (opac.nlc.cn).
        part = "library-search-2026" if part.startswith("mcp_library_search") else part
        part = "document-citations" if CITED.match(part) else part
        part = "page-links-2026-11" if part.startswith("(html") and part not in LISTS else part
        found.append(LISTS.get(part, part))
    return [name for name in found if name]


def names_in(cell):
    return [name for name in map(str.strip, re.split("[;、]", cell)) if name]


def url_of(row):
    return row["website"] or f"http://{row['host']}/"


def universities(corpus, rows):
    for row in rows:
        parent = row["parent"]
        for short, long in AUTHORITIES.items():
            parent = re.sub(short + "$", long, parent)
        parent = next((full for full in (parent, "中华人民共和国" + parent, "国家" + parent) if full in corpus.by_name), "")
        id = corpus.body("学校", row["name"], "学校", row["division_code"], level=row["level"], parent=parent,
                         sources=["moe-schools-2026-06"], key=f"school-{row['moe_code']}")
        if not id:
            continue
        lists = lists_of(row["sources"])
        if row["host"]:
            corpus.site("学校", id, url_of(row), row["host"], lists)
        elif row["other_hosts"]:
            corpus.refuse("学校", f"{row['name']} {row['other_hosts']}", "只有许可受限的名单，或推测而成的名单给出这个网址")
        for short in names_in(row["short_names"]):
            corpus.called(short, row["name"])


LINK = re.compile(r"on the home page of ([^,]+),")


def hospitals(corpus, rows, tcm):
    schools = [i for i in corpus.institutions if i["category"] == "学校"]
    for row in rows:
        name, division = row["name"], row["division_code"]
        if not division:
            # One that is a school's, else one that is named after its place.
            school = max((s for s in schools if name.startswith(s["name"])), key=lambda s: len(s["name"]), default=None)
            linked = LINK.search(row["note"])
            near = next((s for s in schools if linked and s["name"] == linked[1]), None)
            division = school["division_code"] if school else corpus.place_named(name)
            if not division and near and name.startswith(corpus.divisions[near["division_code"]]["short_name"]):
                division = near["division_code"]
        sources = lists_of(row["sources"])
        id = corpus.body("医院", name, "医院", division, sources=sources, basis=row["name_basis"], note=row["phone"])
        if not id:
            continue
        if row["host"]:
            corpus.site("医院", id, url_of(row), row["host"], sources)
        elif row["host_candidate"]:
            host = row["host_candidate"].split(" ")[0]
            corpus.site("医院", id, f"http://{host}/", host, sources)
            if other := re.match(r"other list: (\S+)", row["note"]):
                corpus.site("医院", id, f"http://{other[1]}/", other[1], ["tertiary-hospitals-seed"])
        for short in names_in(row["short_names"]):
            corpus.called(short, name)
    for row in tcm:
        corpus.body("中医医院", row["name"], "医院", row["division_code"], sources=["nhsa-hospitals-2026-05"])


def libraries(corpus, rows):
    for row in rows:
        named = "library-grades-2023" if "134号" in row["sources"] else "library-search-2026"
        parent = "中华人民共和国" + row["parent"] if row["parent"] else ""
        id = corpus.body("图书馆", row["name"], "图书馆", row["division_code"], level=row["level"], sources=[named],
                         parent=parent if parent in corpus.by_name else "", basis=row["name_basis"])
        if id and row["host"]:
            corpus.site("图书馆", id, url_of(row), row["host"], lists_of(row["sources"]))
        for short in names_in(row["short_names"]) if id else []:
            corpus.called(short, row["name"])


def museums(corpus, rows):
    for row in rows:
        id = corpus.body("博物馆", row["name"], "博物馆", corpus.division_of(row["name"], row["division_code"]),
                         sources=["museums-grade1"])
        if id and row["host"]:
            # The register names no addresses; these are of a check whose material is not named.
            corpus.site("博物馆", id, url_of(row), row["host"], ["museum-sites-2026-11"])
        for other in names_in(row["short_names"]) if id else []:
            corpus.called(other, row["name"])


def memorials(corpus, rows):
    for row in rows:
        corpus.body("烈士纪念设施", row["name"], "事业单位", row["division_code"], sources=["memorials-national"])


def departments(corpus, rows):
    for row in rows:
        table = "部门"
        lists = lists_of(row["sources"])
        id = corpus.body(table, row["name"], row["category"], row["division_code"], level=row["level"],
                         parent=row["parent"], sources=lists, basis=row["name_basis"])
        if id:
            corpus.site(table, id, url_of(row), row["host"], lists)


def vertical(corpus, rows):
    for row in rows:
        lists = lists_of(row["sources"])
        id = corpus.body("垂管", row["name"], "垂管", row["division_code"], level=row["level"], parent=row["parent"],
                         sources=lists, basis=row["name_basis"])
        if not id:
            continue
        others = re.findall(r"[\w-]+(?:\.[\w-]+)*\.gov\.cn", row["note"]) if row["host_status"] == "disputed" else []
        # Where lists disagree the older ones have the other address, as the note says.
        lists = lists if not others else [name for name in lists if name != "basin-list-2013"] or ["basin-options"]
        corpus.site("垂管", id, url_of(row), row["host"], lists)
        for other in sorted(set(others) - {row["host"]}):
            corpus.site("垂管", id, f"http://{other}/", other, ["basin-list-2013"])
        for short in names_in(row["short_names"]):
            corpus.called(short, row["name"])


def securities(corpus, rows):
    for row in rows:
        id = corpus.body("证监局", row["name"], "垂管", row["division_code"], level=row["level"], parent=row["parent"],
                         sources=["csrc-bureaus-2026-11"], basis=row["name_basis"])
        if id:
            corpus.site("证监局", id, url_of(row), row["host"], ["csrc-bureaus-2026-11"])
        for short in names_in(row["short_names"]):
            corpus.called(short, row["name"])


def examinations(corpus, rows):
    for row in rows:
        if "service site" in row["note"]:
            corpus.refuse("考试院等", row["name"], "是办事网站而不是机构，见 services.csv")
            continue
        id = corpus.body("考试院等", row["name"], row["category"], row["division_code"], level=row["level"],
                         parent=row["parent"], sources=lists_of(row["sources"]), basis=row["name_basis"])
        if id:
            corpus.site("考试院等", id, url_of(row), row["host"], lists_of(row["sources"]))
        for short in names_in(row["short_names"]):
            corpus.called(short, row["name"])
        # 江苏省教育考试院 is asked for as 江苏考试院 too.
        division = corpus.divisions.get(row["division_code"])
        if division and row["name"].endswith("考试院"):
            for region in (division["name"], division["short_name"]):
                corpus.called(region + "考试院", row["name"], "form")


def courts(corpus, rows):
    """The high courts. A table has the domain that the courts of a province share; it is the high court's own site only
    where the material names it so."""
    for row in rows:
        id = corpus.body("高级法院", row["name"], "法院", row["division_code"], level=row["level"], parent=row["parent"],
                         sources=["court-domains-2026-11"], basis=row["name_basis"])
        if not id:
            continue
        named = row["short_names"] in row["host_status"]
        whole = row["agreement"] == "2" and row["host"].endswith(".gov.cn") and "2016" not in row["sources"]
        if named and whole:
            corpus.site("高级法院", id, url_of(row), row["host"], ["court-domains-2026-11"])
        else:
            corpus.refuse("高级法院", f"{row['name']} {row['host']}", "是全省法院共用的域名，没有材料说它就是高级法院的网站")
        corpus.called(row["short_names"], row["name"])


# How a school's name ends, and what people say instead. The longest ending that fits counts.
ENDINGS = {
    "中医药大学": ["中医药", "中医大"], "农林科技大学": ["农林"], "农林大学": ["农林"], "外国语大学": ["外大"],
    "航空航天大学": ["航"], "邮电大学": ["邮电"], "师范大学": ["师大"], "理工大学": ["理工"], "农业大学": ["农大"],
    "工业大学": ["工大"], "科技大学": ["科大"], "财经大学": ["财大"], "医科大学": ["医大"], "民族大学": ["民大"],
    "交通大学": ["交大"], "林业大学": ["林大"], "海洋大学": ["海大"], "政法大学": ["政法"], "工商大学": ["工商"],
    "体育大学": ["体大"], "经贸大学": ["经贸"], "药科大学": ["药大"], "师范学院": ["师院"], "职业技术学院": ["职院"],
    "职业技术大学": ["职大"], "高等专科学校": ["高专"], "大学": ["大"], "科技学院": ["科院"], "理工学院": ["理工"],
}
# Parts of the country that names begin with, besides its divisions.
PARTS = {"华东", "华南", "华中", "华北", "东北", "西北", "西南", "中南"}
# What hospitals of every place are called: it says nothing without the school before it.
OF_ANY_PLACE = re.compile("^(第.|[省市]?(立|级)?)(附属)?(人民|中心|口腔|儿童|肿瘤|妇产|妇产科|眼科|眼视光|骨科|胸科|康复|中医|精神|总)*医院$")
NUMBERED = re.compile("^(?:附属)?第([一二三四五六])(?:附属)?医院$")


def short_forms(corpus):
    """Short names made by rule, where they mean one body and nothing else: 湖南师大, 昌大, 复旦大学附属华山医院 as 华山医院."""
    places = {d["short_name"] for d in corpus.divisions.values() if d["code"].endswith("00")} | PARTS
    taken = {i["name"] for i in corpus.institutions} | {r["short"] for r in corpus.short}
    everywhere = {name for d in corpus.divisions.values() for name in (d["name"], d["short_name"])}
    taken |= everywhere
    taken |= {name for i in corpus.institutions for name in i["short_names"].split(";")}
    taken |= {r["short"] for r in read(CORPUS / "abbreviations.csv")}
    forms = collections.defaultdict(set)
    schools = {i["name"] for i in corpus.institutions if i["category"] == "学校"}
    known = collections.defaultdict(list)
    # Not those made here, so that running again makes no more.
    for r in (r for r in corpus.short if r["origin"] != "form"):
        known[r["full"]].append(r["short"])
    for name in schools:
        if bare := re.match("^中[国央](.{2,}大学)$", name):
            forms[bare[1]].add(name)
        ending = max((e for e in ENDINGS if name.endswith(e)), key=len, default="")
        before = name.removesuffix(ending)
        for short in ENDINGS.get(ending, []):
            if len(before) >= 2 and short != "大":
                forms[before + short].add(name)
            if before in places and len(before) == 2:
                forms[before[0] + short].add(name)
    for i in (i for i in corpus.institutions if i["category"] == "医院"):
        school = max((s for s in schools if i["name"].startswith(s)), key=len, default=None)
        if not school:
            continue
        rest = re.sub("^医学院", "", i["name"].removeprefix(school))
        for short in known[school]:
            if number := NUMBERED.match(rest):
                for form in ("{}{}院", "{}{}附院", "{}附{}院", "{}附属{}院"):
                    forms[form.format(short, number[1])].add(i["name"])
            if rest == "附属医院":
                forms[short + "附院"].add(i["name"])
                forms[short + "附属医院"].add(i["name"])
        own = rest.removeprefix("附属")
        # 随州医院 may be any hospital there.
        if own.endswith("医院") and not OF_ANY_PLACE.match(own) and own.removesuffix("医院") not in everywhere:
            forms[own].add(i["name"])
    for form, names in sorted(forms.items()):
        if len(names) == 1 and form not in taken and not LOCAL_NAME.match(form):
            corpus.called(form, names.pop(), "form")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    table = lambda name: gathered(folder / f"{name}.csv")
    corpus = Corpus()
    universities(corpus, table("universities"))
    hospitals(corpus, table("hospitals"), table("hospitals_tcm_names"))
    libraries(corpus, table("libraries"))
    museums(corpus, table("museums_grade1"))
    memorials(corpus, table("martyrs_memorials"))
    departments(corpus, table("departments_new"))
    vertical(corpus, table("vertical_bodies"))
    securities(corpus, table("csrc_bureaus"))
    examinations(corpus, table("exam_and_service_sites"))
    courts(corpus, table("court_domain_families"))
    short_forms(corpus)
    corpus.save()
    for kind, count in sorted(corpus.taken.items()):
        print(f"收录 {kind}：{count}")
    for (kind, reason), count in sorted(corpus.left_out.items()):
        print(f"未收录 {kind}：{count}，{reason}")


if __name__ == "__main__":
    main()
