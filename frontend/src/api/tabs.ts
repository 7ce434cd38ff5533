/** All tabs of a browser are signed in as the same account: each hears when another one signs in or out. */

const channel = new BroadcastChannel('packwalk.session');

export const tellOtherTabs = (): void => channel.postMessage('changed');

/** Be told when another tab has signed in or out. */
export function whenAnotherTabChanged(then: () => void): void {
  channel.onmessage = then;
}
