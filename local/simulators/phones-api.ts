import { jsonReply, type Reply } from './exchange';
import type { Phones } from './phones';

/** How many phones a list shows; the totals are over all. */
const LIST_LENGTH = 1_000;

/** `GET /phones`, `GET /phones/{token}` (percent-encoded) and `DELETE /phones`. */
export function answerPhones(phones: Phones, method: string, path: string): Reply {
  if (path === '/phones' || path === '/phones/') {
    if (method === 'DELETE') {
      phones.clear();
      return { status: 204, body: '' };
    }
    return method === 'GET' ? jsonReply(200, listPhones(phones)) : notAllowed('GET, DELETE');
  }
  if (method !== 'GET') return notAllowed('GET');
  const token = decode(path.slice('/phones/'.length));
  if (token === undefined) return jsonReply(400, { error: 'the token is not percent-encoded' });
  return jsonReply(200, phones.look(token));
}

function listPhones(phones: Phones): unknown {
  const listed = phones
    .tokens()
    .slice(-LIST_LENGTH)
    .map((token) => phones.look(token));
  return {
    totals: phones.totals(),
    phones: listed.map(({ token, tray, arrivals, repeats }) => ({
      token,
      tray: tray.length,
      arrivals: arrivals.length,
      repeats,
    })),
  };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function notAllowed(allow: string): Reply {
  return jsonReply(405, { error: `allowed: ${allow}` }, { allow });
}
