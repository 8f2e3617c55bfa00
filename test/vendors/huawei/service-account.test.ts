import { constants, createPublicKey, verify } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { accessBy, createServiceAccountJwt } from '../../../lib/vendors/service-account-jwt';
import { HUAWEI_SERVICE_ACCOUNT } from './support';

describe('the JWT of a service account', () => {
  const START = 1_760_000_000_000;
  const clockAt = (at: number) => {
    const clock = { at, now: () => clock.at };
    return clock;
  };

  test('says what the documented one says', async () => {
    const jwt = await createServiceAccountJwt(HUAWEI_SERVICE_ACCOUNT, clockAt(START)).get();

    // {"kid":"a1b2…","typ":"JWT","alg":"PS256"}, byte for byte
    expect(jwt.split('.')[0]).toBe(
      'eyJraWQiOiJhMWIyYzNkNGU1ZjYwNzE4MjkzYTRiNWM2ZDdlOGY5MCIsInR5cCI6IkpXVCIsImFsZyI6IlBTMjU2In0',
    );
    const documented =
      'eyJhdWQiOiJodHRwczovL29hdXRoLWxvZ2luLmNsb3VkLmh1YXdlaS5jb20vb2F1dGgyL3YzL3Rva2VuIiwiaXNzIjoiMTAwMjAwMzAwIiwiZXhwIjoxNzYwMDAzNjAwLCJpYXQiOjE3NjAwMDAwMDB9';
    expect(decodeJwt(jwt)).toEqual(JSON.parse(Buffer.from(documented, 'base64url').toString()));
  });

  test('is signed with SHA-256 and a salt of 32 bytes', async () => {
    const jwt = await createServiceAccountJwt(HUAWEI_SERVICE_ACCOUNT, clockAt(START)).get();
    const [header, payload, signature = ''] = jwt.split('.');
    const key = {
      key: createPublicKey(HUAWEI_SERVICE_ACCOUNT.private_key),
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: 32,
    };

    const isSigned = verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      key,
      Buffer.from(signature, 'base64url'),
    );
    expect(isSigned).toBe(true);
  });

  test('the documented signature is a PS256 one', async () => {
    const input =
      'eyJraWQiOiJhMWIyYzNkNGU1ZjYwNzE4MjkzYTRiNWM2ZDdlOGY5MCIsInR5cCI6IkpXVCIsImFsZyI6IlBTMjU2In0.eyJhdWQiOiJodHRwczovL29hdXRoLWxvZ2luLmNsb3VkLmh1YXdlaS5jb20vb2F1dGgyL3YzL3Rva2VuIiwiaXNzIjoiMTAwMjAwMzAwIiwiZXhwIjoxNzYwMDAzNjAwLCJpYXQiOjE3NjAwMDAwMDB9';
    const signature =
      'cMzfkFUS2LnIffOioCBJ2eMgY1_zxpDYIUEz6kNIbBsOUQK_-qPmUKlpFGS-iF7HKZaCDb8czw72Fc4nkG2X8f7UkGZ4wlPXb_4ZszuE9mpxn6Wg9fjkASQwcP-FBPcGz9YCMMkUWqPUlKt50u7Qk7VDSPB2s39TzEobM9eet8J7DEobxPKhBXZU-iNgIBwFQ4DeEelCdyI2clcru0iT68EBikwGLxfgNaTnii8RmPq224UBf6bivY48Z_7gPJbFkkvVdluP97dj8TfwHGZ0FZg-aGtB--U1kgnedkM7IXOGbI08KXpw4wWNcwQiK7IH-VMYaijTw15U8D_jxbQApg';
    const key = await importJWK(
      {
        kty: 'RSA',
        e: 'AQAB',
        n: 'nzZF1yyA4PfnOQU0SCtFJhHPtIKVduuxD3ZpRM40Ar4Qyhp7abXIPENAPtCximjJCV79SWAvPgYFWpQ4M2-A4_MPF7pmzooEZXCh6oQBW6kRbXB0SSom0s6qtY3VSjUe6qbws1weBS9kMPTHT2USjvzf4LwgK5CO1o0TpLvIN-GkocRyOIyL7bJr9xq6w1lT805NI9CumUUfV6VL_mLx7hbFK1XNs9tzMAr9vH84WdusAYETWQD_OF6EIRFTFHLJUXopct7Gxp9imW1xijnqSzrXh67QOwBp8SEe-N4uV78O3KD-86zDdb1oInts8QE3l1o23ibVOV_7e4cCNlTzow',
      },
      'PS256',
    );

    const verified = await jwtVerify(`${input}.${signature}`, key, {
      currentDate: new Date(START),
      algorithms: ['PS256'],
    });
    expect(verified.protectedHeader).toEqual(decodeProtectedHeader(`${input}.x`));
  });

  test('is used until five minutes before its end', async () => {
    const clock = clockAt(START);
    const jwt = createServiceAccountJwt(HUAWEI_SERVICE_ACCOUNT, clock);
    const first = await jwt.get();

    clock.at = START + 3_300_000 - 1;
    expect(await jwt.get()).toBe(first);
    clock.at = START + 3_300_000;
    const second = await jwt.get();
    expect(decodeJwt(second).iat).toBe(START / 1_000 + 3_300);
  });

  test('is replaced once, however many report that it was refused', async () => {
    const access = accessBy(createServiceAccountJwt(HUAWEI_SERVICE_ACCOUNT, clockAt(START)));
    const tokenOf = async (got: ReturnType<typeof access.get>) => {
      const granted = await got;
      return granted.kind === 'granted' ? granted.accessToken : '';
    };
    const refused = await tokenOf(access.get());

    const replaced = await tokenOf(access.replace(refused));
    expect(replaced).not.toBe(refused);
    expect(await tokenOf(access.replace(refused))).toBe(replaced);
    expect(await tokenOf(access.get())).toBe(replaced);
  });
});
