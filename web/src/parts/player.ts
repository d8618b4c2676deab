// Gives the video element its stream: hls.js where the browser has Media Source Extensions, else the browser's own HLS.
import type Hls from 'hls.js';

export async function attach(video: HTMLVideoElement, address: string, start: number, onError: (message: string) => void): Promise<() => void> {
  // Loaded when a video is opened, because it is larger than the rest of the app.
  const { default: Player } = await import('hls.js/light');
  if (!Player.isSupported()) {
    if (video.canPlayType('application/vnd.apple.mpegurl') === '') onError('This browser cannot play HLS streams.');
    else video.src = `${address}#t=${start}`;
    return () => video.removeAttribute('src');
  }
  // Without a worker: the content policy of the server allows none.
  const hls: Hls = new Player({ enableWorker: false, startPosition: start > 0 ? start : -1 });
  let repairs = 0;
  hls.on(Player.Events.ERROR, (_, error) => {
    if (!error.fatal) return;
    if (error.type === Player.ErrorTypes.MEDIA_ERROR && repairs++ < 2) hls.recoverMediaError();
    else onError(`The video cannot be played (${error.details}). Reload the page to try again.`);
  });
  hls.loadSource(address);
  hls.attachMedia(video);
  return () => hls.destroy();
}
