import type { RefObject } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Segment } from '../lib/api';
import { save } from '../lib/export';
import { time, toSrt, toText, toVtt } from '../lib/format';
import { useTime } from './strip';

interface Tab { id: string; name: string; lines: Segment[]; none: string }

/** Transcript and screen text: follow the video, and seek on a click. */
export function Lines({ tabs, fileName, video, seek }: {
  tabs: Tab[]; fileName: string; video: RefObject<HTMLVideoElement | null>; seek: (seconds: number) => void;
}) {
  const [chosen, setChosen] = useState(() => (tabs.find(tab => tab.lines.length > 0) ?? tabs[0]!).id);
  const tab = tabs.find(one => one.id === chosen) ?? tabs[0]!;
  const at = useTime(video);
  const list = useRef<HTMLDivElement>(null);
  const current = useMemo(() => {
    let found = -1;
    tab.lines.forEach((line, i) => { if (line.start <= at + 0.05) found = i; });
    return found;
  }, [tab, at]);
  useEffect(() => {
    const box = list.current;
    const line = box?.querySelector<HTMLElement>('[aria-current]');
    // Only the list scrolls, not the page; and not while the user moves through it with the keyboard.
    if (box && line && !box.contains(document.activeElement)) box.scrollTop = line.offsetTop - box.clientHeight / 3;
  }, [current, tab]);
  const move = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length]!;
    setChosen(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <section class="card lines-card" aria-label="Texts of the video">
      <div class="tabs" role="tablist" onKeyDown={move}>
        {tabs.map(one => (
          <button key={one.id} id={`tab-${one.id}`} type="button" role="tab" aria-selected={one === tab} aria-controls="lines"
            tabIndex={one === tab ? 0 : -1} onClick={() => setChosen(one.id)}>{one.name}</button>
        ))}
      </div>
      <div class="lines" id="lines" role="tabpanel" aria-labelledby={`tab-${tab.id}`} ref={list} tabIndex={tab.lines.length === 0 ? 0 : -1}>
        {tab.lines.length === 0 ? <p class="empty">{tab.none}</p> : (
          <ol>{tab.lines.map((line, i) => (
            <li key={`${line.start}-${i}`}>
              <button type="button" aria-current={i === current ? 'true' : undefined} onClick={() => seek(line.start)}>
                <span class="at">{time(line.start)}</span><span>{line.value}</span>
              </button>
            </li>
          ))}</ol>
        )}
      </div>
      {tab.lines.length > 0 && (
        <div class="row">
          <span class="soft">Download</span>
          <Download name={`${fileName}.srt`} text={toSrt(tab.lines)} type="application/x-subrip" label="SRT" />
          <Download name={`${fileName}.vtt`} text={toVtt(tab.lines)} type="text/vtt" label="VTT" />
          <Download name={`${fileName}.txt`} text={toText(tab.lines)} type="text/plain" label="Text" />
        </div>
      )}
    </section>
  );
}

function Download({ name, text, type, label }: { name: string; text: string; type: string; label: string }) {
  return <button type="button" class="small" aria-label={`Download as ${label}`} onClick={() => save(name, text, type)}>{label}</button>;
}
