import { BlockList, isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';

/**
 * Address of the caller. X-Forwarded-For is read only from the addresses or networks of TRUSTED_PROXIES
 * (comma separated, "10.0.0.0/8" or single addresses); the last entry that is no trusted proxy is the caller.
 */
export function clientAddressReader(trusted: string | undefined): (request: IncomingMessage) => string {
  const proxies = new BlockList();
  for (const entry of split(trusted)) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0) throw new Error('Configuration: TRUSTED_PROXIES takes addresses and networks, comma separated');
    if (prefix === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(prefix), family);
  }
  const isProxy = (address: string): boolean => isIP(address) > 0 && proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

  return (request) => {
    const peer = plain(request.socket.remoteAddress ?? '');
    if (!isProxy(peer)) return peer;
    const chain = split(String(request.headers['x-forwarded-for'] ?? '')).map(plain);
    return chain.findLast((address) => !isProxy(address)) ?? peer;
  };
}

const split = (list: string | undefined): string[] =>
  (list ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
/** an IPv4 caller on a dual-stack socket shows as ::ffff:1.2.3.4 */
const plain = (address: string): string => address.replace(/^::ffff:/, '');
