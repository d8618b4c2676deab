// Progress of the tasks of an index.
import { useEffect, useRef, useState } from 'preact/hooks';
import { all, type Answer, type Task } from './api';

/** Milliseconds between two requests for unfinished tasks, if there is no event stream. */
const pollPause = 1500;

/** Milliseconds after which a stream that broke is opened again. */
const streamPause = 30_000;

/** The unfinished and the failed tasks of an index. The server sends their changes as events. Without a stream, for example behind a
 * proxy that allows none, the page requests the tasks while some are unfinished. */
export function useTasks(indexId: string, created: number, onFinished: () => void) {
  const [tasks, setTasks] = useState<Task[]>([]);
  const [error, setError] = useState<string>();
  const [turn, setTurn] = useState(0);
  const isVisible = useVisible();
  const before = useRef(new Set<string>());
  useEffect(() => {
    // A browser has few connections to a server, so hidden windows open no stream.
    if (!isVisible) return;
    let looksWithoutWork = 0;
    const take = (found: Task[]) => {
      const unfinished = new Set(found.filter(task => task.status !== 'failed').map(task => task._id));
      setTasks(found);
      setError(undefined);
      looksWithoutWork = unfinished.size > 0 ? 0 : looksWithoutWork + 1;
      // A short video may have become ready before the first request.
      if ([...before.current].some(id => !unfinished.has(id)) || (created > 0 && looksWithoutWork === 1)) onFinished();
      before.current = unfinished;
    };
    let stopPolling = () => {};
    const stopStream = listen(indexId, take, () => {
      const stop = poll(indexId, take, setError, () => looksWithoutWork < 2);
      const timer = window.setTimeout(() => setTurn(value => value + 1), streamPause);
      stopPolling = () => {
        stop();
        window.clearTimeout(timer);
      };
    });
    return () => {
      stopStream();
      stopPolling();
    };
  }, [indexId, created, turn, isVisible]);
  return {
    error, reload: () => setTurn(turn + 1),
    unfinished: tasks.filter(task => task.status !== 'failed'), failed: tasks.filter(task => task.status === 'failed'),
  };
}

/** Passes on the states that the server sends, until the stream ends. Returns a function that stops. */
function listen(indexId: string, take: (tasks: Task[]) => void, onEnd: () => void): () => void {
  const source = new EventSource(`/app/indexes/${indexId}/tasks/events`);
  source.addEventListener('tasks', event => take((JSON.parse((event as MessageEvent<string>).data) as { tasks: Task[] }).tasks));
  source.onerror = () => {
    source.close();
    onEnd();
  };
  return () => source.close();
}

/** Requests the tasks repeatedly while the condition holds. Returns a function that stops. */
function poll(
  indexId: string, take: (tasks: Task[]) => void, onError: (message: string) => void, goesOn: () => boolean,
): () => void {
  const abort = new AbortController();
  let timer: number | undefined;
  const states = ['validating', 'pending', 'indexing', 'failed'];
  const look = async () => {
    try {
      const lists = await Promise.all(states.map(state =>
        all<Answer<'listTasks'>>(`/v1.1/tasks?index_id=${indexId}&status=${state}`, 200, abort.signal)));
      // The lists are not of the same moment: a task that changes its state meanwhile is in two of them, or in none.
      take([...new Map(lists.flatMap(list => list.rows).map(task => [task._id, task])).values()]);
      if (goesOn()) timer = window.setTimeout(() => void look(), pollPause);
    } catch (failure) {
      if (abort.signal.aborted) return;
      onError((failure as Error).message);
      timer = window.setTimeout(() => void look(), 4 * pollPause);
    }
  };
  void look();
  return () => {
    abort.abort();
    window.clearTimeout(timer);
  };
}

function useVisible(): boolean {
  const [isVisible, setVisible] = useState(!document.hidden);
  useEffect(() => {
    const update = () => setVisible(!document.hidden);
    document.addEventListener('visibilitychange', update);
    return () => document.removeEventListener('visibilitychange', update);
  }, []);
  return isVisible;
}
