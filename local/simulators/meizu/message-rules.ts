import * as v from 'valibot';
import { parseJson } from '../json-body';
import { type Refusal, refuse } from './codes';
import { type MeizuMessage, meizuMessage } from './message';

type Rule = (message: MeizuMessage, isVip: boolean) => Refusal | undefined;

/** A text the message needs; a missing or empty one has the code 110004. */
function needed(name: string, value: string | undefined): Refusal | undefined {
  return value ? undefined : refuse(110004, name);
}

function isOn(value: 0 | 1 | boolean | undefined): boolean {
  return value === 1 || value === true;
}

/** What the types alone do not say. Source: github.com/MEIZUPUSH/PushAPI, README, "pushId推送接口（通知栏消息）". */
const RULES: readonly Rule[] = [
  ({ noticeBarInfo }) => needed('title', noticeBarInfo?.title),
  ({ noticeBarInfo }) => needed('content', noticeBarInfo?.content),
  ({ noticeExpandInfo }) =>
    noticeExpandInfo?.noticeExpandType === 1
      ? needed('noticeExpandContent', noticeExpandInfo.noticeExpandContent)
      : undefined,
  ({ noticeExpandInfo }, isVip) => {
    if (noticeExpandInfo?.noticeExpandType !== 2) return undefined;
    return isVip
      ? needed('noticeExpandImgUrl', noticeExpandInfo.noticeExpandImgUrl)
      : refuse(1005, 'a big picture is for VIP apps');
  },
  ({ clickTypeInfo }) =>
    clickTypeInfo?.clickType === 1 ? needed('activity', clickTypeInfo.activity) : undefined,
  ({ clickTypeInfo }) =>
    clickTypeInfo?.clickType === 2 ? needed('url', clickTypeInfo.url) : undefined,
  ({ pushTimeInfo }) =>
    isOn(pushTimeInfo?.offLine) && pushTimeInfo?.validTime === undefined
      ? refuse(110004, 'validTime')
      : undefined,
  checkVip,
  ({ extra = {} }) =>
    Object.keys(extra).length > 0 ? needed('callback', extra.callback) : undefined,
];

function checkVip(
  { vipInfo, noticeExpandInfo }: MeizuMessage,
  isVip: boolean,
): Refusal | undefined {
  if (vipInfo === undefined) return undefined;
  const isSet = Object.values(vipInfo).some(Boolean);
  if (isSet && !isVip) return refuse(1005, 'vipInfo is for VIP apps');
  const { backgroundImgUrl: background } = vipInfo;
  if (isOn(vipInfo.pullDownTop) && vipInfo.timeTop) {
    return refuse(1005, 'pullDownTop and timeTop exclude each other');
  }
  if (background && (vipInfo.titleColor || vipInfo.bigIconUrl)) {
    return refuse(1005, 'backgroundImgUrl excludes titleColor and bigIconUrl');
  }
  return background && noticeExpandInfo?.noticeExpandType === 2
    ? refuse(1005, 'backgroundImgUrl excludes a big picture')
    : undefined;
}

/** Reads `messageJson`, or says which rule it breaks first. */
export function readMessage(json: string, isVip: boolean): MeizuMessage | Refusal {
  const parsed = v.safeParse(meizuMessage, parseJson(json));
  if (!parsed.success) return refuse(1005, v.summarize(parsed.issues));
  for (const rule of RULES) {
    const refusal = rule(parsed.output, isVip);
    if (refusal !== undefined) return refusal;
  }
  return parsed.output;
}
