// 网上名称 from the pre-check to the tombstone, with five accounts: a county's clerk, the first reviewer of its 编办, the registry's
// reviewer, the office above that abolishes the holder, and the public, who has none.
//
// `offices` are the links (paths) by which the accounts set their passwords: clerk, first, registry, above. `document` is a docx.
import { accessible, follow, has, pause, text } from "./harness.mjs";

const NAME = "遵义市播州区图书馆.公益";
const HOLDER = "i-c55eed7922d9";
const SUCCESSOR = "520304-gov";
const PASSWORD = "八角亭的第3棵老树下";
/** The longest that a change may take to be seen before the story gives up. */
const SEEN_WITHIN = 30_000;

export async function names(t, [phone, desk], { offices, document }) {
  const signed = { signsIn: true };
  const account = (name) => ({ name: `names.${name}`, link: offices[name] });
  let application = "";

  const as = (name, what, body, screen = desk) =>
    t.visit(`names: ${what}`, screen, async (page) => {
      await enter(t, page, account(name));
      await body(page);
    }, signed);
  const move = async (page, name) => {
    await page.goto(application);
    await follow(page, () => page.click(`form[action$="/moves/${name}"] button`));
  };
  const stage = (page) => text(page, "dl.facts dd strong");

  await as("clerk", "the clerk learns before filing what can be had", async (page) => {
    await page.goto(`${t.base}/console/names/new?institution=${HOLDER}&name=${encodeURIComponent("播州区.公益")}`);
    t.check("names: a place's bare name is unlikely", (await text(page, "main")).includes("难以通过"), await text(page, "main"));
    await page.goto(`${t.base}/console/names/new?institution=${HOLDER}&name=${encodeURIComponent(NAME)}`);
    t.check("names: the full name is likely", (await text(page, "main")).includes("有望通过"), await text(page, "main"));
    await accessible(t, page, "names: the form of an application ", "console-name-new");
    await page.type("#purpose", "读者服务");
    await page.type("#consent", "播图函〔2026〕3号");
    await page.type("#contact", "zhangsan@qq.com");
    await page.click("input[name=agreed]");
    await follow(page, () => page.click("form.fields button[type=submit]"));
    application = page.url();
    t.check("names: a draft is kept", (await stage(page)) === "草稿", await text(page, "main"));
    await (await page.$("input[name=file]")).uploadFile(document);
    await follow(page, () => page.click('form[action$="/documents"] button'));
    t.check("names: the document is attached", (await text(page, "main")).includes("docx"), await text(page, "main"));
    await follow(page, () => page.click('form[action$="/moves/submit"] button'));
    t.check("names: a person's mailbox is refused", (await text(page, "main")).includes("公用邮箱"), await text(page, "main"));
    await page.goto(application);
    await page.$eval("#contact", (input) => { input.value = "bgs@bozhou.gov.cn"; });
    await follow(page, () => page.click("form.fields button[type=submit]"));
    await move(page, "submit");
    t.check("names: it is handed in", (await stage(page)) === "待初审", await text(page, "main"));
    await accessible(t, page, "names: an application ", "console-name");
  }, phone);

  await t.visit("names: the public sees at whose desk it lies", phone, async (page) => {
    await page.goto(`${t.base}/web-names/queue`);
    t.check("names: it lies with the 编办", (await text(page, "main")).includes("同级机构编制部门"), await text(page, "main"));
    await accessible(t, page, "names: the queue board ", "name-queue");
  });

  await as("first", "the first reviewer looks at each part and asks for more", async (page) => {
    await page.goto(`${t.base}/console/names`);
    t.check("names: it waits in the queue", (await text(page, "main")).includes(NAME), await text(page, "main"));
    await accessible(t, page, "names: the queue of applications ", "console-names");
    await move(page, "take");
    const part = 'form[action$="/parts"]:has(input[value=documents])';
    await page.select(`${part} select`, "hold");
    await page.type(`${part} input[name=note]`, "看不清印章");
    await follow(page, () => page.click(`${part} button`));
    await page.select('form[action$="/supplement"] select[name=code]', "documents");
    await page.type('form[action$="/supplement"] input[name=reason]', "法人证书");
    await follow(page, () => page.click('form[action$="/supplement"] button'));
    t.check("names: it waits for the applicant", (await stage(page)) === "需补正", await text(page, "main"));
  });

  await as("clerk", "the clerk mends it in place", async (page) => {
    await page.goto(application);
    t.check("names: one letter tells why", (await text(page, "main")).includes("还需要：法人证书"), await text(page, "main"));
    await page.$eval("#purpose", (input) => { input.value = "读者服务和文献检索"; });
    await follow(page, () => page.click("form.fields button[type=submit]"));
    await move(page, "submit");
    t.check("names: it is back where it was", (await stage(page)) === "初审中", await text(page, "main"));
  });

  const reviewed = async () => {
    await as("first", "the first reviewer passes it", async (page) => {
      await page.goto(application);
      if (!(await has(page, 'form[action$="/moves/pass"]'))) await move(page, "take");
      const part = 'form[action$="/parts"]:has(input[value=documents])';
      await page.select(`${part} select`, "approve");
      await follow(page, () => page.click(`${part} button`));
      await move(page, "pass");
      t.check("names: it goes to the registry", (await stage(page)) === "待复审", await text(page, "main"));
    });
    await as("registry", "the registry reviews it a second time", async (page) => {
      await move(page, "take");
      await move(page, "pass");
      t.check("names: it is approved", (await stage(page)) === "批准", await text(page, "main"));
      await move(page, "register");
      t.check("names: it is registered", (await stage(page)) === "已登记", await text(page, "main"));
    });
  };
  await reviewed();

  await t.visit("names: the public sees whose it is", phone, async (page) => {
    const reply = await page.goto(`${t.base}/api/v1/web-names/${encodeURIComponent(NAME)}`);
    const name = await reply.json();
    t.check("names: by the register", name.entities?.[0]?.name === "遵义市播州区图书馆", JSON.stringify(name));
    await seen(t, page, "the name", async () => {
      await page.goto(`${t.base}/check?url=${encodeURIComponent(NAME)}`);
      return (await text(page, "main")).includes("官方网上名称");
    });
  });

  let withdrawal = "";
  await as("above", "the office above asks to take the holder out", async (page) => {
    await page.goto(`${t.base}/console/records/${HOLDER}/withdraw`);
    await page.select("#code", "abolished");
    await page.type("#note", "播编〔2026〕9号");
    await follow(page, () => page.click("form.fields button[type=submit]"));
    withdrawal = page.url();
  });
  await as("registry", "another office approves that", async (page) => {
    await page.goto(withdrawal);
    await follow(page, () => page.click('button[formaction$="/approve-and-publish"]'));
  });
  await as("first", "the name of the holder that is gone is a task", async (page) => {
    await seen(t, page, "the task", async () => {
      await page.goto(`${t.base}/console/tasks`);
      return (await text(page, "main")).includes("名称的单位变动");
    });
    await accessible(t, page, "names: the tasks ", "console-tasks-names");
  });

  await as("clerk", "the body with its duties asks for the name", async (page) => {
    await page.goto(`${t.base}/console/names/new?institution=${SUCCESSOR}&name=${encodeURIComponent(NAME)}`);
    await page.select("#matter", "transfer");
    await page.type("#purpose", "继续读者服务");
    await page.type("#consent", "播府函〔2026〕8号");
    await page.type("#contact", "bgs@bozhou.gov.cn");
    await page.type("#successor", SUCCESSOR);
    await page.type("#successor_document", "播编〔2026〕9号");
    await page.click("input[name=agreed]");
    await follow(page, () => page.click("form.fields button[type=submit]"));
    application = page.url();
    await move(page, "submit");
    t.check("names: the transfer is handed in", (await stage(page)) === "待初审", await text(page, "main"));
  });
  await reviewed();

  await as("first", "the task has ended, and the register tells the whole life", async (page) => {
    await page.goto(`${t.base}/console/tasks`);
    t.check("names: nothing is left to do", !(await text(page, "main")).includes("名称的单位变动"), await text(page, "main"));
    await page.goto(`${t.base}/console/register/print`);
    t.check("names: its certificate can be printed", (await text(page, "main")).includes(NAME), await text(page, "main"));
    await accessible(t, page, "names: the certificates ", "console-certificates");
    await page.goto(`${t.base}/console/register`);
    await accessible(t, page, "names: the register ", "console-register");
  });

  await t.visit("names: whoever types the name later learns whose it was", phone, async (page) => {
    await seen(t, page, "the tombstone", async () => {
      await page.goto(`${t.base}/check?url=${encodeURIComponent(NAME)}`);
      return (await text(page, "main")).includes("曾为遵义市播州区图书馆的网上名称，至");
    });
    await accessible(t, page, "names: the check of a name with a past ", "check-former");
  });
}

/** Signs in; the first time after setting the password by the account's link. */
async function enter(t, page, account) {
  if (account.link) {
    const reply = await page.goto(t.base + account.link);
    if (reply.status() === 200) {
      await page.type("#new", PASSWORD);
      await page.type("#again", PASSWORD);
      await follow(page, () => page.click(".fields button[type=submit]"));
    }
  }
  await page.goto(`${t.base}/sign-in`);
  await page.type("#name", account.name);
  await page.type("#password", PASSWORD);
  await follow(page, () => page.click(".fields button[type=submit]"));
}

async function seen(t, page, what, look) {
  const started = Date.now();
  let there = await look();
  while (!there && Date.now() - started < SEEN_WITHIN) {
    await pause(200);
    there = await look();
  }
  t.check(`names: ${what} is seen`, there, await text(page, "main"));
}
