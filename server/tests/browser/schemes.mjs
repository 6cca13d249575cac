// 三定方案 and 沿革 from end to end, after the accounts of story.mjs: an office hands in two schemes of its body, each read
// beside its sentences; after review everyone finds who is in charge of something; staff see the two side by side, what
// nobody does any more, and the body as it was on 1 January 2017; a notice becomes an event and a consolidated text.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { docx } from "./docx.mjs";
import { accessible, follow, search, text, texts } from "./harness.mjs";
import { ABOVE, enter, openAccount, seen } from "./story.mjs";

const BODY = "遵义市财政局";
const ID = "520300-cz";
const OFFICE = { name: "zunyi.cz", role: "contributor", division: "520300", office: ID };
const SITE = "czj.zunyi.gov.cn";
const HEIR = "遵义市财政国资局";
/** A matter that no law speaks of, so that only a scheme can answer. */
const MATTER = "校外培训预收费资金监管";
const CUT = "烟花爆竹专营补贴核拨";

const scheme = (number, from, duties) => `${BODY}职能配置、内设机构和人员编制规定
${number}
第一条 根据《遵义市机构改革方案》，制定本规定。
第二条 ${BODY}是遵义市人民政府工作部门，为正处级。
第三条 ${BODY}的主要职责是：
${duties.map((duty, at) => `（${"一二三四五"[at]}）${duty}`).join("\n")}
第四条 ${BODY}设2个内设机构：
（一）办公室。负责机关日常运转。
（二）资金监管科。承担资金监管工作。
第五条 ${BODY}机关行政编制82名。设局长1名，副局长3名。
第六条 本规定自${from}起施行。
`;
const LAST = "完成市委、市政府交办的其他任务。";
const OLD = scheme("遵府办〔2014〕3号", "2014年5月1日", ["拟订财税政策并组织实施。", `负责${CUT}工作。`, LAST]);
const NOW = scheme("遵府办〔2019〕12号", "2019年4月1日", ["拟订财税政策并组织实施。", `负责${MATTER}工作。`, LAST]);
const NOTICE = `中共遵义市委机构编制委员会
关于调整${BODY}人员编制的通知
遵编〔2020〕6号
${BODY}：
经研究，核减你局行政编制4名，调整后行政编制为78名。
2020年11月2日
`;

export async function schemes(t, [phone, desk]) {
  const signed = { signsIn: true };
  const folder = mkdtempSync(join(tmpdir(), "schemes-"));
  const file = (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const links = {};
  const handedIn = [];

  await t.visit("schemes: an administrator opens the office's account", desk, async (page) => {
    links[OFFICE.name] = await openAccount(t, page, OFFICE);
  }, signed);

  const handIn = async (page, path, change) => {
    await page.goto(`${t.base}/console/upload`);
    await (await page.$("#file")).uploadFile(path);
    await follow(page, () => page.click(".fields button[type=submit]"));
    await change(page);
    await follow(page, () => page.click("button[name=then][value=submit]"));
    t.check("schemes: it is handed in", (await text(page, ".status")) === "已提交", await text(page, "main"));
    handedIn.push(page.url());
  };

  await t.visit("schemes: the office hands in two schemes", phone, async (page) => {
    await enter(t, page, OFFICE, links);
    await handIn(page, file("2014.docx", docx(OLD)), async () => {
      t.check("schemes: the scheme is read", (await text(page, "h1")).includes("三定规定"), await text(page, "main"));
      const sentences = await texts(page, "blockquote");
      for (const sentence of [CUT, "资金监管科", "机关行政编制82名", "2014年5月1日", "遵府办〔2014〕3号", "正处级"]) {
        t.check("schemes: each field beside its sentence", sentences.some((s) => s.includes(sentence)), sentence);
      }
      t.check("schemes: its inner offices and numbers are proposed", (await page.$eval("#units", (n) => n.value)).includes("资金监管科") && (await page.$eval("#staffing", (n) => n.value)).includes("行政编制82名"));
      t.check("schemes: its number is proposed", (await page.$eval("#document_number", (n) => n.value)) === "遵府办〔2014〕3号");
      await accessible(t, page, "schemes: the form with its sentences ", "console-scheme");
      await page.$eval("#repealed", (input) => { input.value = "2019-04-01"; });
    });
    await handIn(page, file("2019.txt", NOW), async () => {});
  }, signed);

  await t.visit("schemes: nobody finds it before review", phone, async (page) => {
    await search(page, t.base, `谁负责${MATTER}`);
    t.check("schemes: a draft answers nothing", !(await text(page, "main")).includes(`负责${MATTER}工作`));
  });

  const approve = async (page) => {
    for (const submission of handedIn.splice(0)) {
      await page.goto(submission);
      await follow(page, () => page.click("button[formaction$=approve-and-publish]"));
      t.check("schemes: it is published", (await text(page, ".status")) === "已公布", await text(page, "main"));
    }
  };
  await t.visit("schemes: the reviewer approves them", desk, async (page) => {
    await enter(t, page, ABOVE);
    await approve(page);
  }, signed);

  await t.visit("schemes: everyone finds who is in charge", phone, async (page) => {
    await seen(t, page, "the duty", async () => {
      await search(page, t.base, `谁负责${MATTER}`);
      const shown = await text(page, "main");
      return shown.includes(`负责${MATTER}工作`) && shown.includes(BODY);
    });
    t.check("schemes: with the body's site", (await page.content()).includes(SITE));
    await search(page, t.base, "遵义谁负责校外培训");
    const asked = await text(page, "main");
    t.check("schemes: asked in fewer words as well", asked.includes(`负责${MATTER}工作`) && asked.includes(BODY), asked);
    await page.goto(`${t.base}/institutions/${ID}?on=2017-01-01`);
    const then = await text(page, "#then");
    t.check("schemes: the body as it was in 2017", then.includes("2017-01-01 的情况") && then.includes("遵府办〔2014〕3号"), then);
    await accessible(t, page, "schemes: a body on a day ", "institution-then");
  });

  await t.visit("schemes: staff see two side by side and what nobody does", desk, async (page) => {
    await enter(t, page, OFFICE);
    await page.goto(`${t.base}/console/schemes`);
    const orphans = await text(page, "#orphans");
    t.check("schemes: a duty that nobody has is told", orphans.includes(CUT), orphans);
    await accessible(t, page, "schemes: the sheet of a division ", "console-schemes");
    await follow(page, () => page.click('#sheet a[href*="/compare?old=sd"]'));
    const shown = await text(page, "main");
    t.check("schemes: the redline has what was cut and what came", shown.includes(CUT) && shown.includes(MATTER), shown);
    t.check("schemes: and says that none has it", shown.includes("没有承接的机构"), shown);
    await accessible(t, page, "schemes: two schemes ", "schemes-compare");
  }, signed);

  await t.visit("schemes: a notice becomes an event and a text", desk, async (page) => {
    await enter(t, page, OFFICE);
    await page.goto(`${t.base}/console/upload`);
    await (await page.$("#file")).uploadFile(file("notice.txt", NOTICE));
    await follow(page, () => page.click(".fields button[type=submit]"));
    t.check("schemes: the change is read", (await text(page, "main")).includes("＝78"), await text(page, "main"));
    await accessible(t, page, "schemes: a notice ", "console-notice");
    const form = page.url();
    await follow(page, () => page.click("button[name=then][value=submit]"));
    handedIn.push(page.url());
    await page.goto(`${form}&as=text`);
    t.check("schemes: the text has the number after", (await page.$eval("#staffing", (n) => n.value)).includes("行政编制78名"));
    await follow(page, () => page.click("button[name=then][value=submit]"));
    handedIn.push(page.url());
  }, signed);

  await t.visit("schemes: the reviewer approves the change", desk, async (page) => {
    await enter(t, page, ABOVE);
    await approve(page);
    await seen(t, page, "the event", async () => {
      await page.goto(`${t.base}/institutions/${ID}`);
      return (await text(page, "main")).includes("遵编〔2020〕6号");
    });
    t.check("schemes: the line of descent is drawn", (await text(page, ".descent desc")).includes("2020-11-02"));
  }, signed);

  await t.visit("schemes: the office tries a reform and hands in a plan", desk, async (page) => {
    await enter(t, page, OFFICE);
    await page.goto(`${t.base}/console/reforms`);
    await page.type("#measures", `更名：${BODY}→${HEIR}`);
    await follow(page, () => page.click('form[action="/console/reforms"] button[type=submit]'));
    const reach = await text(page, "main");
    t.check("schemes: what it touches is told", reach.includes("行政编制78名") && reach.includes(`${BODY}更名为${HEIR}`), reach);
    await accessible(t, page, "schemes: what a reform touches ", "console-reforms");
    await follow(page, () => page.click(".bar a.go"));
    t.check("schemes: what was tried stands in the form of a plan", (await page.$eval("#measures", (n) => n.value)) === `更名：${BODY}→${HEIR}`);
    const fields = { title: "遵义市机构改革方案", division: "520300", date: "2026-01-01", document_number: "遵党发〔2026〕1号", measures: `更名：${BODY}→${HEIR}` };
    for (const [name, value] of Object.entries(fields)) await page.$eval(`#${name}`, (input, typed) => { input.value = typed; }, value);
    await follow(page, () => page.click("button[name=then][value=submit]"));
    t.check("schemes: the plan is handed in", (await text(page, ".status")) === "已提交", await text(page, "main"));
    handedIn.push(page.url());
  }, signed);

  await t.visit("schemes: the reviewer approves the plan, and it brings its event and its task", desk, async (page) => {
    await enter(t, page, ABOVE);
    await approve(page);
    await page.goto(`${t.base}/console/tasks`);
    const tasks = await text(page, "main");
    t.check("schemes: the office has something to do", tasks.includes("机构改革") && tasks.includes(HEIR), tasks);
    await page.goto(`${t.base}/console/reforms`);
    await follow(page, () => page.click("#plans a"));
    const made = await text(page, "#made");
    t.check("schemes: the plan leads to what it made offices do", made.includes("待办") && made.includes(HEIR), made);
    await accessible(t, page, "schemes: a plan that holds ", "console-reform-plan");
    await seen(t, page, "the event of the plan", async () => {
      await page.goto(`${t.base}/institutions/${ID}`);
      return (await text(page, "main")).includes("遵党发〔2026〕1号");
    });
  }, signed);
}
