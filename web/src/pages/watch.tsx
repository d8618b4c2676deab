import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { get, local, type Answer, type Clip, type Segment, type Video } from '../lib/api';
import { bytes, day, time, toVtt } from '../lib/format';
import { navigate } from '../lib/router';
import { addressOf, forgetVideo, isAsked, isGroup, likeThis, nameOf, readQuery, search, writeQuery } from '../lib/search';
import { EditDetails, ownFields } from '../parts/details';
import { Lines } from '../parts/lines';
import { attach } from '../parts/player';
import { Strip, type Lane } from '../parts/strip';
import { Empty, Loading, messageOf, Notice, useLoad, usePageTitle } from '../parts/ui';

/** Hits that are marked on the seek bar. */
const mostHits = 50;

export function Watch({ indexId, videoId, parameters }: { indexId: string; videoId: string; parameters: URLSearchParams }) {
  const path = `/v1.1/indexes/${indexId}/videos/${videoId}`;
  const { data, error } = useLoad(async signal => {
    const [index, video, said, written, shots] = await Promise.all([
      get<Answer<'retrieveIndex'>>(`/v1.1/indexes/${indexId}`, signal), get<Video>(path, signal),
      get<Answer<'retrieveTranscription'>>(`${path}/transcription`, signal),
      get<Answer<'retrieveTextInVideo'>>(`${path}/text-in-video`, signal), get<{ data: number[] }>(`/app/videos/${videoId}/shots`, signal),
    ]);
    return { index, video, said: said.data ?? [], written: written.data ?? [], shots: shots.data };
  }, [path]);
  // Only what is known of the video: a new address of its stream would begin the player anew.
  const [changed, setChanged] = useState<Video['metadata']>();
  const [isEditing, setEditing] = useState(false);
  const video = data && { ...data.video, metadata: changed ?? data.video.metadata };
  const name = video ? nameOf(video) : 'Video';
  usePageTitle(name);
  const query = useMemo(() => readQuery(parameters), [parameters.toString()]);
  const hits = useHits(indexId, videoId, isAsked(query) ? query : undefined);
  const element = useRef<HTMLVideoElement>(null);
  const captions = useCaptions(data?.said);
  const [failure, setFailure] = useState<string>();
  const address = data?.video.hls?.video_url;
  const start = Number(parameters.get('t') ?? 0);
  useEffect(() => {
    const video = element.current;
    if (!address || !video) return;
    let detach: (() => void) | undefined;
    let isGone = false;
    attach(video, local(address), start, setFailure).then(
      end => { if (isGone) end(); else detach = end; }, reason => setFailure(messageOf(reason)));
    if (parameters.has('t')) video.play().catch(() => {
      // The browser waits for the user to press play.
    });
    return () => {
      isGone = true;
      detach?.();
    };
  }, [address]);

  if (error) return <Empty title="This video cannot be shown"><p>{error}</p><a href={`/indexes/${indexId}`}>Go to its index</a></Empty>;
  if (!data || !video) return <Loading />;
  const seek = (seconds: number) => {
    if (element.current) element.current.currentTime = seconds;
  };
  const metadata = video.metadata;
  // The beginning of the video is no change of the picture.
  const shots = data.shots.filter(shot => shot > 0).map(shot => ({ start: shot, end: shot }));
  const lanes: Lane[] = [{ kind: 'shots' as const, name: 'Changes of the shot', spans: shots },
    { kind: 'said' as const, name: 'Speech', spans: data.said },
    { kind: 'written' as const, name: 'Text on screen', spans: data.written },
    { kind: 'hits' as const, name: query.words ? `Hits of “${query.words}”` : 'Hits', spans: hits }]
    .filter(lane => lane.spans.length > 0);
  return (
    <div class="page">
      <div class="head">
        <div>
          <p class="back row">
            <a href={`/indexes/${indexId}`}>{data.index.index_name}</a>
            {isAsked(query) && <a href={addressOf(query)}>Back to the search</a>}
          </p>
          <h1>{name}</h1>
          <p class="soft">{[time(metadata.duration ?? 0), metadata.width && `${metadata.width} × ${metadata.height}`,
            metadata.size && bytes(metadata.size), day(data.video.created_at)].filter(Boolean).join(', ')}</p>
          {ownFields(video).length > 0 && (
            <p class="chips">{ownFields(video).map(([field, value]) => (
              <span key={field} class="chip wrap">{field}: {typeof value === 'boolean' ? value ? 'yes' : 'no' : String(value)}</span>
            ))}</p>
          )}
        </div>
        <div class="row">
          {data.video.indexed_at && data.index.index_options.includes('visual') && (
            <button type="button" onClick={() => navigate(likeThis(indexId, videoId, element.current?.currentTime ?? start))}>
              More like this
            </button>
          )}
          <button type="button" onClick={() => setEditing(true)}>Edit details</button>
        </div>
      </div>
      <div class="watch">
        <div>
          {address ? (
            <video ref={element} class="player" controls playsInline preload="auto" aria-label={name}>
              {captions && <track kind="captions" label="Speech" src={captions} />}
            </video>
          )
            : <Notice kind="info">{data.video.indexed_at ? 'This video was uploaded without streaming.' : 'This video is not indexed yet.'}</Notice>}
          {failure && <Notice>{failure}</Notice>}
          {address && metadata.duration !== undefined && lanes.length > 0
            && <Strip duration={metadata.duration} lanes={lanes} video={element} seek={seek} />}
          {hits.length > 0 && (
            <div class="row" role="group" aria-label="Hits in this video">
              <span class="soft">Hits</span>
              {hits.map(hit => (
                <button key={`${hit.start}-${hit.end}`} type="button" class="small" onClick={() => seek(hit.start)}>{time(hit.start)}</button>
              ))}
            </div>
          )}
        </div>
        <Lines fileName={name} video={element} seek={seek} tabs={[
          { id: 'said', name: 'Speech', lines: data.said, none: 'Nothing is said in this video, or speech is not recognized in its index.' },
          { id: 'written', name: 'Text on screen', lines: data.written, none: 'No text was found on the screen of this video.' },
        ]} />
      </div>
      {isEditing && (
        <EditDetails path={path} video={video} onClose={() => setEditing(false)} onDone={async () => {
          forgetVideo(videoId);
          setChanged((await get<Video>(path)).metadata);
        }} />
      )}
    </div>
  );
}

/** Address of the transcript as captions of the player; undefined without speech. */
function useCaptions(said: Segment[] | undefined): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!said || said.length === 0) return;
    const made = URL.createObjectURL(new Blob([toVtt(said)], { type: 'text/vtt' }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [said]);
  return address;
}

/** The hits of the search that led here, in this video, by time. */
function useHits(indexId: string, videoId: string, query: ReturnType<typeof readQuery> | undefined): Clip[] {
  const { data } = useLoad(async () => {
    if (!query) return [];
    const answer = await search({ ...query, index: indexId, group: 'clip' }, { video: videoId, limit: mostHits });
    return answer.data.filter((item): item is Clip => !isGroup(item)).sort((a, b) => a.start - b.start);
  }, [videoId, query && writeQuery(query).toString()]);
  return data ?? [];
}
