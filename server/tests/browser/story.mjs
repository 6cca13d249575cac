// 资料共享 from end to end, with accounts in three divisions: a county hands in a document, the office above approves it,
// and everyone finds it by a phrase of its third page; then a body's record is corrected after a reader's word, and what was
// published is withdrawn.
//
// `admin` are the links by which the first two administrators, `admin` and `admin.2`, set their passwords; `document` a docx whose third page has PHRASE.
import { notices } from "./everyday.mjs";
import { accessible, follow, has, pause, search, text, texts } from "./harness.mjs";

const PHRASE = "不得以围墙圈占草坪收取露营费";
const TITLE = "遵义市红花岗区城市公园管理办法";
const NOTICE = `遵义市红花岗区人民政府关于印发${TITLE}的通知`;
export const NEW = "八角亭的第3棵老树下";
const COUNTY = { name: "honghuagang.bgs", role: "contributor", division: "520302", office: "520302-gov" };
export const ABOVE = { name: "zunyi.bb", role: "reviewer", division: "520300", office: "520300-gov" };
const ELSEWHERE = { name: "yunnan.bb", role: "reviewer", division: "530000", office: "530000-gov" };
/** The longest that a change may take to be seen before the story gives up; how long it took is printed. */
const SEEN_WITHIN = 20_000;

// The public and the county's contributor are on the narrow screen, those who review on the wide one.
export async function story(t, [phone, desk], { admin, document }) {
  const signed = { signsIn: true };
  const links = {};
  let submission = "";
  let norm = "";

  await t.visit("story: the first administrator opens accounts", desk, async (page) => {
    await page.goto(`${t.base}/console`);
    t.check("story: the console leads to signing in", page.url().includes("/sign-in"), page.url());
    await accessible(t, page, "story: the sign-in page ", "console-sign-in");
    await signIn(page, "admin", "wrong password");
    t.check("story: a wrong password says no more than that", (await text(page, "[role=alert]")) === "账户名或密码不对");
    await page.goto(t.base + admin[0]);
    await accessible(t, page, "story: the page for a first password ", "set-password");
    await setPassword(page);
    t.check("story: then one signs in", page.url().endsWith("/sign-in"), page.url());
    const used = await page.goto(t.base + admin[0]);
    t.check("story: a link works once", used.status() === 404, used.status());
    await page.goto(`${t.base}/sign-in`);
    await signIn(page, "admin", NEW);
    t.check("story: then the console opens", page.url().endsWith("/console"), page.url());
    await page.goto(`${t.base}/console/password`);
    await accessible(t, page, "story: the password page ", "console-password");
    for (const account of [COUNTY, ABOVE, ELSEWHERE]) {
      await page.goto(`${t.base}/console/accounts`);
      await page.type("#name", account.name);
      await page.type("#office_id", account.office);
      await page.select("#role", account.role);
      await page.$eval("#division", (input, code) => { input.value = code; }, account.division);
      await follow(page, () => page.click(".fields button[type=submit]"));
      links[account.name] = await text(page, ".panel[role=status] .host").catch(() => "");
      t.check(`story: ${account.name} is opened`, links[account.name].includes("/set-password/"), await text(page, "main"));
    }
    await accessible(t, page, "story: the accounts page ", "console-accounts");
    await page.goto(`${t.base}/console/keys`);
    await page.type("#purpose", "门户检索");
    await page.type("#office_id", "530000-gov");
    await follow(page, () => page.click(".fields button[type=submit]"));
    t.check("story: a key is shown once", (await text(page, ".panel[role=status] .host")).startsWith("guansou_"));
    await accessible(t, page, "story: the keys page ", "console-keys");
    await page.goto(`${t.base}/console/log`);
    t.check("story: the log names the accounts", (await text(page, "table")).includes("account-zunyi.bb"));
    await accessible(t, page, "story: the log ", "console-log");
    await page.goto(`${t.base}/console/upload`);
    t.check("story: an administrator hands nothing in", (await text(page, "h1")) === "不允许这样做", await text(page, "main"));
  }, signed);

  for (const account of [ABOVE, ELSEWHERE]) {
    await t.visit(`story: ${account.name} comes in and may not review yet`, desk, async (page) => {
      await enter(t, page, account, links);
      t.check("story: the role waits", (await text(page, ".console-head")).includes("查阅员"), await text(page, "main"));
    }, signed);
  }

  await t.visit("story: a second administrator confirms who reviews", desk, async (page) => {
    await page.goto(t.base + admin[1]);
    await setPassword(page);
    await signIn(page, "admin.2", NEW);
    for (const account of [ABOVE, ELSEWHERE]) {
      await page.goto(`${t.base}/console/accounts`);
      await accessible(t, page, "story: the accounts that wait ", "console-accounts-asked");
      await follow(page, () => page.click(`form[action="/console/accounts/${account.name}"] button[value=confirm]`));
      t.check(`story: ${account.name} is confirmed`, !(await has(page, `form[action="/console/accounts/${account.name}"] button[value=confirm]`)), await text(page, "main"));
    }
  }, signed);

  await t.visit("story: the county hands in a document", phone, async (page) => {
    await enter(t, page, COUNTY, links);
    await page.goto(`${t.base}/console/upload`);
    await accessible(t, page, "story: the upload page ", "console-upload");
    await (await page.$("#file")).uploadFile(document);
    await follow(page, () => page.click(".fields button[type=submit]"));
    t.check("story: the title is proposed", (await page.$eval("#title", (n) => n.value)) === NOTICE, await text(page, "main"));
    t.check("story: the place that speaks for it is marked", (await texts(page, "mark")).some((m) => m.includes(TITLE)));
    await accessible(t, page, "story: the form with its evidence ", "console-confirm");
    await page.$eval("#division", (input) => { input.value = "530000"; });
    await page.select("#level", "规范性文件");
    await page.select("#document_kind", "规范");
    await follow(page, () => page.click("button[name=then][value=submit]"));
    t.check("story: another division is refused beside the form", (await text(page, "[role=alert]")).includes("520302"), await text(page, "main"));
    await page.$eval("#division", (input) => { input.value = "520302"; });
    await follow(page, () => page.click("button[name=then][value=submit]"));
    submission = page.url();
    t.check("story: it is handed in", (await text(page, ".status")) === "已提交", await text(page, "main"));
    t.check("story: who handed it in cannot approve it", !(await has(page, "form[action$=approve]")));
  }, signed);

  await t.visit("story: nobody else sees it yet", phone, async (page) => {
    await search(page, t.base, PHRASE);
    t.check("story: a draft is not found", !(await text(page, "main")).includes(TITLE));
    await page.goto(submission);
    t.check("story: a stranger is led to signing in", page.url().includes("/sign-in"), page.url());
  });

  await t.visit("story: another province does not see it", desk, async (page) => {
    await enter(t, page, ELSEWHERE);
    const response = await page.goto(submission);
    t.check("story: another province is told there is none", response.status() === 404, response.status());
    await page.goto(`${t.base}/console/queue`);
    t.check("story: and has nothing in its queue", !(await text(page, "main")).includes(TITLE));
  }, signed);

  await t.visit("story: the office above approves it", desk, async (page) => {
    await enter(t, page, ABOVE);
    await page.goto(`${t.base}/console/tasks`);
    t.check("story: it is a task", (await text(page, "main")).includes(TITLE));
    await accessible(t, page, "story: the tasks ", "console-tasks");
    await follow(page, () => page.click(".card h3 a"));
    await accessible(t, page, "story: a task ", "console-task");
    await page.goto(`${t.base}/console/queue`);
    t.check("story: it waits in the queue", (await text(page, "main")).includes(TITLE));
    await accessible(t, page, "story: the queue ", "console-queue");
    await follow(page, () => page.click(".choose h3 a"));
    await accessible(t, page, "story: a submission ", "console-submission");
    await follow(page, () => page.click("button[formaction$=approve-and-publish]"));
    t.check("story: it is published", (await text(page, ".status")) === "已公布", await text(page, "main"));
  }, signed);

  await t.visit("story: the county is told", phone, async (page) => {
    await enter(t, page, COUNTY);
    await seen(t, page, "the notice", async () => {
      await page.goto(`${t.base}/console/notices`);
      return (await text(page, "main")).includes("报送已公布");
    });
    await accessible(t, page, "story: the notices ", "console-notices");
    await notices(t, page, { unread: true, says: "报送已公布" });
  }, signed);

  await t.visit("story: everyone finds it", phone, async (page) => {
    await seen(t, page, "the document", async () => {
      await search(page, t.base, PHRASE);
      return (await text(page, "main")).includes(TITLE);
    });
    const links = await page.$$eval("main a", (nodes) => nodes.map((a) => a.getAttribute("href")));
    norm = (links.find((href) => /^\/regulations\/r-[0-9a-f]{12}/.test(href)) ?? "").match(/^\/regulations\/[^/#?]+/)?.[0] ?? "";
    await page.goto(t.base + norm);
    t.check("story: its page has the phrase", (await text(page, "main")).includes(PHRASE), norm);
    t.check("story: and its original", await has(page, `a[href="${norm}/original"]`));
    await page.goto(`${t.base}${norm.replace("/regulations/", "/records/")}/history`);
    t.check("story: its history names the office", (await text(page, "main")).includes("红花岗区人民政府"), await text(page, "main"));
  });

  let link = "";
  await t.visit("story: a reader reports a mistake", phone, async (page) => {
    await page.goto(`${t.base}/institutions/520302-gov`);
    await follow(page, () => page.click(".report a"));
    await page.select("#matter", "name");
    await page.type("#says", "简称少了“红花岗政府”，请补上");
    await follow(page, () => page.click(".fields button[type=submit]"));
    link = page.url();
  });

  await t.visit("story: the county follows it", phone, async (page) => {
    await enter(t, page, COUNTY);
    await page.goto(`${t.base}/console/corrections`);
    await accessible(t, page, "story: the suggestions ", "console-corrections");
    await follow(page, () => page.click(".card h3 a"));
    await accessible(t, page, "story: a suggestion ", "console-correction");
    await follow(page, () => page.click("a.go"));
    await page.$eval("#short_names", (area) => area.setSelectionRange(area.value.length, area.value.length));
    await page.type("#short_names", "\n红花岗政府");
    await page.type("#_note", "按读者建议补上简称");
    await accessible(t, page, "story: a body's form ", "console-institution");
    await follow(page, () => page.click("button[name=then][value=submit]"));
    t.check("story: the change is shown beside what stands", (await texts(page, "ins")).join("").includes("红花岗政府"), await text(page, "main"));
  }, signed);

  await t.visit("story: the office above approves a page of them", desk, async (page) => {
    await enter(t, page, ABOVE);
    await page.goto(`${t.base}/console/queue`);
    await page.click("input[name=chosen]");
    await follow(page, () => page.click(".bar button"));
    t.check("story: what came of it is told", (await text(page, ".panel[role=status]")).includes("已核准并公布"), await text(page, "main"));
    await page.goto(`${t.base}/records/520302-gov/history`);
    await accessible(t, page, "story: a history ", "history");
    await follow(page, () => page.click('.timeline a[href*="/history/"]'));
    t.check("story: two revisions stand side by side", (await texts(page, "ins")).join("").includes("红花岗政府"), await text(page, "main"));
    await accessible(t, page, "story: two revisions ", "history-compare");
    await page.goto(`${t.base}/console`);
    await accessible(t, page, "story: the console ", "console");
  }, signed);

  await t.visit("story: the reader sees what came of it", phone, async (page) => {
    await page.goto(link);
    t.check("story: it was taken up", (await text(page, "main")).includes("已按建议更正"), await text(page, "main"));
    await seen(t, page, "the short name", async () => {
      await search(page, t.base, "红花岗政府");
      return (await text(page, ".card")).includes("红花岗区人民政府");
    });
  });

  await t.visit("story: what is withdrawn is gone", desk, async (page) => {
    await enter(t, page, ABOVE);
    await page.goto(submission);
    await page.select("form[action$=withdraw] select[name=code]", "wrong");
    await page.type("form[action$=withdraw] input[name=reason]", "文本有误");
    await follow(page, () => page.click("form[action$=withdraw] button"));
    t.check("story: it is withdrawn", (await text(page, ".status")) === "已撤回", await text(page, "main"));
    await seen(t, page, "the withdrawal", async () => (await page.goto(t.base + norm)).status() === 410);
    await seen(t, page, "that it is found no more", async () => {
      await search(page, t.base, PHRASE);
      return !(await text(page, "main")).includes(TITLE);
    });
    await page.goto(`${t.base}/share?path=${norm}`);
    const sent = await page.goto(await text(page, ".copy"));
    t.check("story: who was sent its address is told that it was withdrawn", sent.status() === 410 && (await text(page, "main")).includes("撤回"), await text(page, "main"));
    const original = await page.goto(`${t.base}${norm}/original`);
    t.check("story: nor its original", original.status() === 410, original.status());
    await page.goto(`${t.base}/console`);
    await follow(page, () => page.click(".console-head button"));
    await page.goto(`${t.base}/console`);
    t.check("story: signed out is signed out", page.url().includes("/sign-in"), page.url());
  }, signed);
}

/** The administrator opens an office's account; returns the link by which its password is set. */
export async function openAccount(t, page, { name, office, role, division }) {
  await page.goto(`${t.base}/sign-in`);
  await signIn(page, "admin", NEW);
  await page.goto(`${t.base}/console/accounts`);
  await page.type("#name", name);
  await page.type("#office_id", office);
  await page.select("#role", role);
  await page.$eval("#division", (input, code) => { input.value = code; }, division);
  await follow(page, () => page.click(".fields button[type=submit]"));
  return text(page, ".panel[role=status] .host");
}

export async function signIn(page, name, password) {
  await page.$eval("#name", (input) => { input.value = ""; });
  await page.type("#name", name);
  await page.type("#password", password);
  await follow(page, () => page.click(".fields button[type=submit]"));
}

async function setPassword(page) {
  await page.type("#new", NEW);
  await page.type("#again", NEW);
  await follow(page, () => page.click(".fields button[type=submit]"));
}

/** Signs in to an account; the first time after setting the password by the account's link. */
export async function enter(t, page, account, links) {
  if (links) {
    await page.goto(links[account.name]);
    await setPassword(page);
  }
  await page.goto(`${t.base}/sign-in`);
  await signIn(page, account.name, NEW);
}

/** Waits until something is seen, and prints for how long. */
export async function seen(t, page, what, look) {
  const started = Date.now();
  let there = await look();
  while (!there && Date.now() - started < SEEN_WITHIN) {
    await pause(100);
    there = await look();
  }
  t.check(`story: ${what} is seen`, there);
  console.log(`      after ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
