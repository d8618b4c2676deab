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
  const [reloads, setReloads] = useState(0);
  const isVisible = useVisible();
  const previous = useRef(new Set<string>());
  useEffect(() => {
    // A browser has few connections to a server, so hidden windows open no stream.
    if (!isVisible) return;
    let emptyResponses = 0;
    const onTasks = (found: Task[]) => {
      const unfinished = new Set(found.filter(task => task.status !== 'failed').map(task => task._id));
      setTasks(found);
      setError(undefined);
      emptyResponses = unfinished.size > 0 ? 0 : emptyResponses + 1;
      // A short video may have become ready before the first request.
      if ([...previous.current].some(id => !unfinished.has(id)) || (created > 0 && emptyResponses === 1)) onFinished();
      previous.current = unfinished;
    };
    let stopPolling = () => {};
    const stopStream = listen(indexId, onTasks, () => {
      const stop = poll(indexId, onTasks, setError, () => emptyResponses < 2);
      const timer = window.setTimeout(() => setReloads(value => value + 1), streamPause);
      stopPolling = () => {
        stop();
        window.clearTimeout(timer);
      };
    });
    return () => {
      stopStream();
      stopPolling();
    };
  }, [indexId, created, reloads, isVisible]);
  return {
    error, reload: () => setReloads(reloads + 1),
    unfinished: tasks.filter(task => task.status !== 'failed'), failed: tasks.filter(task => task.status === 'failed'),
  };
}

/** Passes on the states that the server sends, until the stream ends. Returns a function that stops. */
function listen(indexId: string, onTasks: (tasks: Task[]) => void, onEnd: () => void): () => void {
  const source = new EventSource(`/app/indexes/${indexId}/tasks/events`);
  source.addEventListener('tasks', event => onTasks((JSON.parse((event as MessageEvent<string>).data) as { tasks: Task[] }).tasks));
  source.onerror = () => {
    source.close();
    onEnd();
  };
  return () => source.close();
}

/** Requests the tasks repeatedly while the condition holds. Returns a function that stops. */
function poll(
  indexId: string, onTasks: (tasks: Task[]) => void, onError: (message: string) => void, shouldContinue: () => boolean,
): () => void {
  const abort = new AbortController();
  let timer: number | undefined;
  const states = ['validating', 'pending', 'indexing', 'failed'];
  const requestTasks = async () => {
    try {
      const lists = await Promise.all(states.map(state =>
        all<Answer<'listTasks'>>(`/v1.1/tasks?index_id=${indexId}&status=${state}`, 200, abort.signal)));
      // The lists are not of the same moment: a task that changes its state meanwhile is in two of them, or in none.
      onTasks([...new Map(lists.flatMap(list => list.rows).map(task => [task._id, task])).values()]);
      if (shouldContinue()) timer = window.setTimeout(() => void requestTasks(), pollPause);
    } catch (failure) {
      if (abort.signal.aborted) return;
      onError((failure as Error).message);
      timer = window.setTimeout(() => void requestTasks(), 4 * pollPause);
    }
  };
  void requestTasks();
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
