import type { TextKey, Texts } from '../model/app-settings';

/** NIM's own words, as far as it publishes them (doc.yunxin.163.com, "推送 payload 配置", and its REST API's "modify message"). */
const zh: Readonly<Record<TextKey, string>> = {
  text: '发来了一条消息',
  image: '发来了一张图片',
  audio: '发来了一段语音',
  video: '发来了一段视频',
  location: '发来了一个地理位置',
  file: '发来了一个文件',
  tip: '发来了一条消息',
  call: '发来了通话邀请',
  custom: '发来了一条消息',
  'call-audio': '发来了语音聊天邀请',
  'call-video': '发来了视频聊天邀请',
  modified: '更新了一条消息',
  'modified-audio': '更新了一段语音',
  'modified-video': '更新了一段视频',
  'modified-location': '更新了一个地理位置',
  'modified-file': '更新了一个文件',
  mention: '[有人@我]{text}',
  'mention-all': '[@所有人]{text}',
  'hidden-title': '您有一条新消息',
  hidden: '请点击查看',
  recall: '撤回了一条信息',
  stack: '[{count}条] {text}',
};

const en: Readonly<Record<TextKey, string>> = {
  text: 'sent a message',
  image: 'sent a picture',
  audio: 'sent a voice message',
  video: 'sent a video',
  location: 'sent a location',
  file: 'sent a file',
  tip: 'sent a message',
  call: 'is calling you',
  custom: 'sent a message',
  'call-audio': 'invites you to a voice call',
  'call-video': 'invites you to a video call',
  modified: 'edited a message',
  'modified-audio': 'edited a voice message',
  'modified-video': 'edited a video',
  'modified-location': 'edited a location',
  'modified-file': 'edited a file',
  mention: '[You were mentioned] {text}',
  'mention-all': '[@All] {text}',
  'hidden-title': 'You have a new message',
  hidden: 'Tap to view',
  recall: 'recalled a message',
  stack: '[{count}] {text}',
};

/** Texts every app has unless it sets its own, by language. */
export const SHIPPED_TEXTS: Readonly<Record<string, Texts>> = { zh, en };

/** The last resort: every key has a text in it. */
export const LAST_RESORT_TEXTS: Readonly<Record<TextKey, string>> = zh;
