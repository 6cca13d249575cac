// 权力清单 from end to end, after the accounts of story.mjs: an office hands in a rule and an item that rests on an article of
// it; someone who wants to open a restaurant types 我要开饭店 and reaches the item; the rule is amended, and the task stands at
// the office with the old words beside the new, until it is settled.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessible, follow, has, search, text, texts } from "./harness.mjs";
import { ABOVE, enter, openAccount, seen } from "./story.mjs";

const BODY = "遵义市市场监督管理局";
const OFFICE = { name: "zunyi.sj", role: "contributor", division: "520300", office: "520300-gov" };
const RULE = "遵义市示例餐饮场所管理办法";
const ITEM = "食品经营许可";
const OLD = "申请人应当在开业二十日前提出申请。";
const CHANGED = "申请人应当在开业五日前提出申请，可以在网上提出。";

const rule = (number, day, from, third) => `${RULE}
${number}
第一条 为了规范示例餐饮场所，制定本办法。
第二条 本市行政区域内示例餐饮场所的管理，适用本办法。
第三条 ${third}
第四条 本办法自${from}起施行。

遵义市人民政府
${day}
`;

/** Puts values into the fields of a form, by their ids. */
const fill = async (page, values) => {
  for (const [id, value] of Object.entries(values)) {
    await page.$eval(`#${id}`, (field, value) => { field.value = value; }, value);
  }
};

export async function lists(t, [phone, desk]) {
  const signed = { signsIn: true };
  const folder = mkdtempSync(join(tmpdir(), "lists-"));
  const file = (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const links = {};
  const handedIn = [];

  await t.visit("lists: an administrator opens the office's account", desk, async (page) => {
    links[OFFICE.name] = await openAccount(t, page, OFFICE);
  }, signed);

  const handIn = async (page) => {
    await follow(page, () => page.click("button[name=then][value=submit]"));
    t.check("lists: it is handed in", (await text(page, ".status")) === "已提交", await text(page, "main"));
    handedIn.push(page.url());
  };
  const handInRule = async (page, name, content) => {
    await page.goto(`${t.base}/console/upload`);
    await (await page.$("#file")).uploadFile(file(name, content));
    await follow(page, () => page.click(".fields button[type=submit]"));
    t.check("lists: the title of the rule is read", (await page.$eval("#title", (n) => n.value)) === RULE, await text(page, "main"));
    await page.select("#level", "规范性文件");
    await page.select("#document_kind", "规范");
    await fill(page, { division: OFFICE.division });
    await handIn(page);
  };
  const approve = async (page) => {
    for (const submission of handedIn.splice(0)) {
      await page.goto(submission);
      await follow(page, () => page.click("button[formaction$=approve-and-publish]"));
      t.check("lists: it is published", (await text(page, ".status")) === "已公布", await text(page, "main"));
    }
  };

  await t.visit("lists: the office hands in a rule and an item that rests on it", desk, async (page) => {
    await enter(t, page, OFFICE, links);
    await handInRule(page, "2024.txt", rule("遵府发〔2024〕8号", "2024年3月1日", "2024年4月1日", OLD));
    await page.goto(`${t.base}/console/new/power-items`);
    await fill(page, {
      name: ITEM, owner_name: BODY, division: OFFICE.division, basis: `《${RULE}》第三条：“${OLD}”`,
      documents: "食品经营许可申请书\n营业执照", promised_limit: "10个工作日", statutory_limit: "20个工作日",
      steps: "受理（1个工作日）\n审查（7个工作日）\n决定（1个工作日）\n送达（1个工作日）",
      places: "遵义市汇川区示例路1号政务服务大厅", hours: "周一至周五 9:00—17:00", fee: "不收费",
      duties: "受理、审查、决定、送达各环节的责任", list_version: "2024年版",
    });
    await page.select("#sort", "行政许可");
    await page.select("#level", "市级");
    await handIn(page);
  }, signed);

  await t.visit("lists: the reviewer approves them", desk, async (page) => {
    await enter(t, page, ABOVE);
    await approve(page);
  }, signed);

  let item = "";
  await t.visit("lists: someone wants to open a restaurant", phone, async (page) => {
    await seen(t, page, "the item", async () => {
      await search(page, t.base, "遵义我要开饭店");
      return (await texts(page, ".card h2 a, .card h3 a")).some((title) => title.includes(ITEM));
    });
    await page.goto(`${t.base}/search?q=${encodeURIComponent("我要开饭店")}&region=${OFFICE.division}`);
    await follow(page, () => page.$$eval(".card a", (all, name) => all.find((a) => a.textContent.includes(name)).click(), ITEM));
    item = page.url();
    const shown = await text(page, "main");
    for (const told of [BODY, "营业执照", "10个工作日", "示例路1号", "不收费", "现行一致"]) {
      t.check(`lists: the item tells ${told}`, shown.includes(told), shown);
    }
    t.check("lists: its flow is drawn", await has(page, "svg"));
    await accessible(t, page, "lists: an item ", "item");
    await follow(page, () => page.$$eval("main a", (all) => all.find((a) => a.getAttribute("href").startsWith("/power-lists/")).click()));
    t.check("lists: the body's list has it", (await text(page, "main")).includes(ITEM), await text(page, "main"));
    await accessible(t, page, "lists: the list of a body ", "power-list");
    const pdf = Buffer.from(await page.pdf({ format: "A4" }));
    t.check("lists: it prints", pdf.subarray(0, 5).toString() === "%PDF-" && pdf.length > 5_000, pdf.length);
    await page.goto(`${t.base}/power-lists/${OFFICE.division}`);
    t.check("lists: the division's page has the body", (await text(page, "main")).includes(BODY));
    await accessible(t, page, "lists: the lists of a division ", "power-lists");
    await page.goto(`${t.base}/bases/${OFFICE.division}`);
    await accessible(t, page, "lists: the bases of a division ", "bases");
  });

  await t.visit("lists: the rule is amended", desk, async (page) => {
    await enter(t, page, OFFICE);
    await handInRule(page, "2026.txt", rule("遵府发〔2026〕3号", "2026年2月2日", "2026年3月1日", CHANGED));
  }, signed);
  await t.visit("lists: the reviewer publishes the new version", desk, async (page) => {
    await enter(t, page, ABOVE);
    await approve(page);
  }, signed);

  await t.visit("lists: the task stands at the office with old and new words", desk, async (page) => {
    await enter(t, page, OFFICE);
    await seen(t, page, "the task", async () => {
      await page.goto(`${t.base}/console/tasks`);
      return (await texts(page, ".card")).some((card) => card.includes("有了新的版本") && card.includes(RULE));
    });
    const told = (await texts(page, ".card")).filter((card) => card.includes("有了新的版本") && card.includes(RULE));
    t.check("lists: it is one task", told.length === 1, told.join(" | "));
    await follow(page, () => page.$$eval(".card a", (all, name) => all.find((a) => a.textContent.includes(name)).click(), RULE));
    const shown = await text(page, "main");
    t.check("lists: it names the item and the article", shown.includes(ITEM) && shown.includes("第三条"), shown);
    const [old, now] = [(await texts(page, ".sides del")).join(""), (await texts(page, ".sides ins")).join("")];
    t.check("lists: what was and what is stand side by side", old.includes("二十") && now.includes("可以在网上提出"), `${old} | ${now}`);
    t.check("lists: and no article that is as it was", (await texts(page, ".compared h3")).length === 1, shown);
    await accessible(t, page, "lists: the task of an amended rule ", "console-task-redline");
  }, signed);

  await t.visit("lists: everyone sees that the item rests on an amended text", phone, async (page) => {
    await seen(t, page, "the basis as amended", async () => {
      await page.goto(item);
      return (await text(page, "main")).includes("已修改");
    });
  });

  await t.visit("lists: the office mends the item, and the task is settled", desk, async (page) => {
    await enter(t, page, OFFICE);
    await page.goto(`${t.base}/console/records/${item.split("/").at(-1)}/edit`);
    await fill(page, { basis: `《${RULE}》第三条：“${CHANGED}”` });
    await handIn(page);
    await enter(t, page, ABOVE);
    await approve(page);
    await page.goto(`${t.base}/console/tasks`);
    t.check("lists: no task waits for it", !(await text(page, "main")).includes(RULE), await text(page, "main"));
    await seen(t, page, "the basis in force", async () => {
      await page.goto(item);
      return (await text(page, "main")).includes("现行一致");
    });
  }, signed);
}
