import type { Index, Option } from '../lib/api';
import {
  emptyText, isText, join, mapTexts, mostLevels, operatorOf, operators, partsOf, textsOf, type Combined, type Operator,
} from '../lib/combined';
import { navigate } from '../lib/router';
import { addressOf, readQuery, requestOf, type Query } from '../lib/search';
import { Results } from '../parts/results';
import { Field, useAddressState } from '../parts/ui';
import { ChooseConfidence, ChooseGrouping, ChooseIndex, ChooseOptions, chosenIndex, SearchFrame } from './search';

/** Queries of several texts: at the same time, any, one after the other, one without the other. */
export function CombinedSearch({ parameters }: { parameters: URLSearchParams }) {
  return <SearchFrame title="Combined search">{indexes => <Builder indexes={indexes} parameters={parameters} />}</SearchFrame>;
}

type BuiltQuery = Query & { combined: Combined };

function Builder({ indexes, parameters }: { indexes: Index[]; parameters: URLSearchParams }) {
  const asked = readQuery(parameters);
  const address = parameters.toString();
  const [query, setQuery] = useAddressState(address, () => filled(indexes, asked));
  const index = indexes.find(one => one._id === query.index)!;
  const submit = (event: Event) => {
    event.preventDefault();
    navigate(addressOf({ ...query, combined: mapTexts(query.combined, one => ({ ...one, text: one.text.trim() })) }));
  };
  return (
    <>
      <form class="card query" role="search" onSubmit={submit}>
        <Part part={query.combined} index={index} level={1} name="Query" onChange={combined => setQuery({ ...query, combined })} />
        <div class="settings">
          <ChooseIndex indexes={indexes} value={query.index} onChange={id => setQuery(filled(indexes, { ...query, index: id }))} />
          <ChooseConfidence value={query.threshold} onChange={threshold => setQuery({ ...query, threshold })} />
          <ChooseGrouping value={query.group} onChange={group => setQuery({ ...query, group })} />
          <button type="submit" class="primary">Search</button>
        </div>
        <details>
          <summary>JSON of this query</summary>
          <pre tabIndex={0} aria-label="JSON of this query"><code>{JSON.stringify(requestOf(query), null, 2)}</code></pre>
        </details>
      </form>
      {asked.combined && <Results key={address} query={filled(indexes, asked)} />}
    </>
  );
}

/** Completes a query: an index, two texts to begin with, and only options that the index has. */
function filled(indexes: Index[], query: Query): BuiltQuery {
  const index = chosenIndex(indexes, query.index);
  const all: Option[] = [...index.index_options];
  const combined = mapTexts(query.combined ?? join('$and', [emptyText(all), emptyText(all)]), part => {
    const options = part.search_options.filter(option => all.includes(option));
    return { ...part, search_options: options.length > 0 ? options : all };
  });
  return { ...query, index: index._id, combined, words: textsOf(combined).join(' ') };
}

interface PartProperties {
  part: Combined; index: Index; level: number; name: string; onChange: (part: Combined) => void; onRemove?: (() => void) | undefined;
}

function Part(properties: PartProperties) {
  const { part, index, name, onChange, onRemove } = properties;
  if (!isText(part)) return <Group {...properties} part={part} />;
  return (
    <div class="part">
      <div class="row">
        <input class="grow" type="text" aria-label={`Text of ${name}`} required maxLength={2000} placeholder="what is seen, said or written" value={part.text}
          onInput={event => onChange({ ...part, text: event.currentTarget.value })} />
        {onRemove && <button type="button" class="small" aria-label={`Remove ${name}`} onClick={onRemove}>Remove</button>}
      </div>
      <fieldset>
        <legend class="visually-hidden">Where to look for {name}</legend>
        <ChooseOptions index={index} value={part.search_options} onChange={search_options => onChange({ ...part, search_options })} />
      </fieldset>
    </div>
  );
}

function Group({ part, index, level, name, onChange, onRemove }: PartProperties & { part: Exclude<Combined, { text: string }> }) {
  const operator = operatorOf(part);
  const parts = partsOf(part);
  const within = part.adjacency_threshold;
  const change = (next: Combined[]) => onChange(join(operator, next, within));
  const isPair = operator === '$not';
  const fresh = () => emptyText([...index.index_options]);
  return (
    <fieldset class="join">
      <legend class="visually-hidden">{name}</legend>
      <div class="settings">
        <Field label="Together">{id => (
          <select id={id} value={operator} onChange={event => onChange(join(event.currentTarget.value as Operator, parts, within))}>
            {Object.entries(operators).map(([value, text]) => <option key={value} value={value}>{text}</option>)}
          </select>
        )}</Field>
        <Field label="Within seconds">{id => (
          <input id={id} type="number" min={0} step="any" value={String(within ?? '')} onInput={event => {
            const seconds = event.currentTarget.valueAsNumber;
            onChange(join(operator, parts, Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined));
          }} />
        )}</Field>
        {onRemove && <button type="button" class="small" aria-label={`Remove ${name}`} onClick={onRemove}>Remove</button>}
      </div>
      {parts.map((one, i) => (
        <Part key={i} part={one} index={index} level={level + 1} name={`${level > 1 ? `${name}.` : ''}${i + 1}`}
          onChange={changed => change(parts.map((old, j) => j === i ? changed : old))}
          onRemove={!isPair && parts.length > 1 ? () => change(parts.filter((_, j) => j !== i)) : undefined} />
      ))}
      {!isPair && (
        <div class="row">
          <button type="button" class="small" onClick={() => change([...parts, fresh()])}>Add a text</button>
          {level + 1 < mostLevels && (
            <button type="button" class="small" onClick={() => change([...parts, join('$or', [fresh(), fresh()])])}>Add a group</button>
          )}
        </div>
      )}
    </fieldset>
  );
}
