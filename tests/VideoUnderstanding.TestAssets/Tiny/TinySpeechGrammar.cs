using VideoUnderstanding.TestAssets.Onnx;

namespace VideoUnderstanding.TestAssets.Tiny;

/// <summary>Which token follows, given what is heard and the tokens so far: language, task, then for every stretch of tone a start time, its words and an end
/// time, then the end. All values are [batch, 1] unless said otherwise.</summary>
internal sealed class TinySpeechGrammar
{
    private enum Kind
    {
        Word,
        LastWord,
        Time,
        Start,
        Language,
        Task,
        NoTimes,
        Other,
    }

    private readonly OnnxGraph _graph;
    private readonly TinySpeechVocabulary _vocabulary;

    /// <summary>[batch, positions]: which phrase is heard, counted from 1; 0 for none.</summary>
    private readonly string _phrase;

    /// <summary>[batch, positions]: how many stretches have begun up to here.</summary>
    private readonly string _stretch;

    private readonly string _total;

    public TinySpeechGrammar(OnnxGraph graph, TinySpeechVocabulary vocabulary, string hidden)
    {
        (_graph, _vocabulary) = (graph, vocabulary);
        var tones = graph.Op("Slice", hidden, graph.Ints(0), graph.Ints(TinyPhrases.All.Count), graph.Ints(2));
        var any = graph.Op("Greater", graph.Op("ReduceMax", [tones], OnnxAttribute.Ints("axes", 2), OnnxAttribute.Int("keepdims", 0)), graph.Float(0.5f));
        var which = graph.Op("ArgMax", [tones], OnnxAttribute.Int("axis", 2), OnnxAttribute.Int("keepdims", 0));
        _phrase = graph.Op("Where", any, graph.Op("Add", which, graph.Ints(1)), graph.Ints(0));
        var nothing = graph.Op("Mul", graph.Op("Slice", _phrase, graph.Ints(0), graph.Ints(1), graph.Ints(1)), graph.Ints(0));
        var before = graph.Op("Concat", [nothing, graph.Op("Slice", _phrase, graph.Ints(0), graph.Ints(-1), graph.Ints(1))], OnnxAttribute.Int("axis", 1));
        var begins = graph.Op("And", any, graph.Op("Not", graph.Op("Equal", _phrase, before)));
        _stretch = graph.Op("CumSum", graph.Cast(begins, OnnxType.Int64), graph.Int(1));
        _total = graph.Op("ReduceMax", [_stretch], OnnxAttribute.Ints("axes", 1));
    }

    /// <param name="history">[batch, tokens]; whatever stands before the start token does not count.</param>
    public string Next(string history)
    {
        var isStart = _graph.Cast(_graph.Op("Equal", history, _graph.Ints(_vocabulary.Start)), OnnxType.Int64);
        var counts = _graph.Op("Greater", _graph.Op("CumSum", isStart, _graph.Int(1)), _graph.Ints(0));
        var kinds = _graph.Op("Gather", _graph.Ints(Kinds()), history);
        var said = Count(kinds, counts, Kind.LastWord);
        var times = Count(kinds, counts, Kind.Time);
        var timed = _graph.Op("Equal", Count(kinds, counts, Kind.NoTimes), _graph.Ints(0));
        var coming = _graph.Op("Add", said, _graph.Ints(1));
        var more = _graph.Op("LessOrEqual", coming, _total);

        var (isComing, isSaid) = (Is(coming), Is(said));
        var startTime = _graph.Op("Where", more, Time(FirstOf(isComing)), End);
        var endTime = Time(_graph.Op("Add", FirstOf(isSaid), Sum(isSaid)));
        var phrase = _graph.Op("ReduceMax", [_graph.Op("Mul", _graph.Cast(isComing, OnnxType.Int64), _phrase)], OnnxAttribute.Ints("axes", 1));
        var word = _graph.Op("Where", more, _graph.Op("Gather", _graph.Ints(FirstWords()), phrase), End);
        var isOpen = _graph.Op("Equal", _graph.Op("Mod", times, _graph.Ints(2)), _graph.Ints(1));

        var last = LastOf(history);
        var next = _graph.Op("Gather", _graph.Ints(NextWords()), last);
        next = Choose(next, kinds, Kind.LastWord, _graph.Op("Where", timed, endTime, word));
        next = Choose(next, kinds, Kind.Time, _graph.Op("Where", isOpen, word, startTime));
        next = Choose(next, kinds, Kind.Start, _graph.Op("Where", _graph.Op("Greater", _total, _graph.Ints(0)), _graph.Ints(_vocabulary.English), _graph.Ints(_vocabulary.NoSpeech)));
        next = Choose(next, kinds, Kind.Language, _graph.Ints(_vocabulary.Transcribe));
        next = Choose(next, kinds, Kind.Task, startTime);
        return Choose(next, kinds, Kind.NoTimes, word);
    }

    private string End => _graph.Ints(_vocabulary.End);

    private string Choose(string otherwise, string kinds, Kind kind, string value)
        => _graph.Op("Where", _graph.Op("Equal", LastOf(kinds), _graph.Ints((long)kind)), value, otherwise);

    private string LastOf(string tokens) => _graph.Op("Slice", tokens, _graph.Ints(-1), _graph.Ints(int.MaxValue), _graph.Ints(1));

    private string Count(string kinds, string counts, Kind kind) => Sum(_graph.Op("And", counts, _graph.Op("Equal", kinds, _graph.Ints((long)kind))));

    private string Sum(string isTrue) => _graph.Op("ReduceSum", _graph.Cast(isTrue, OnnxType.Int64), _graph.Ints(1));

    /// <summary>[batch, positions]: where the stretch of that number sounds.</summary>
    private string Is(string number) => _graph.Op("And", _graph.Op("Equal", _stretch, number), _graph.Op("Greater", _phrase, _graph.Ints(0)));

    private string FirstOf(string isTrue) => _graph.Op("ArgMax", [_graph.Cast(isTrue, OnnxType.Float)], OnnxAttribute.Int("axis", 1));

    private string Time(string position) => _graph.Op("Add", position, _graph.Ints(_vocabulary.FirstTime));

    private long[] Kinds()
    {
        var kinds = Enumerable.Repeat((long)Kind.Other, _vocabulary.Count).ToArray();
        foreach (var words in _vocabulary.Phrases)
            for (var i = 0; i < words.Length; i++)
                kinds[words[i]] = (long)(i < words.Length - 1 ? Kind.Word : Kind.LastWord);
        kinds[_vocabulary.Start] = (long)Kind.Start;
        kinds[_vocabulary.English] = kinds[_vocabulary.German] = (long)Kind.Language;
        kinds[_vocabulary.Transcribe] = kinds[_vocabulary.Translate] = (long)Kind.Task;
        kinds[_vocabulary.NoTimes] = (long)Kind.NoTimes;
        Array.Fill(kinds, (long)Kind.Time, _vocabulary.FirstTime, TinySpeechVocabulary.Times);
        return kinds;
    }

    /// <summary>By phrase, counted from 1; 0 is no phrase.</summary>
    private long[] FirstWords() => [_vocabulary.End, .. _vocabulary.Phrases.Select(words => (long)words[0])];

    /// <summary>By word; the end where nothing follows.</summary>
    private long[] NextWords()
    {
        var next = Enumerable.Repeat((long)_vocabulary.End, _vocabulary.Count).ToArray();
        foreach (var words in _vocabulary.Phrases)
            for (var i = 0; i < words.Length - 1; i++)
                next[words[i]] = words[i + 1];
        return next;
    }
}
