using Microsoft.ML.OnnxRuntime;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Whisper's decoder with its key/value cache, in either form it is exported in: one merged file with a switch, or one file for the first step and one for the rest.</summary>
internal sealed class DecoderGraph : IDisposable
{
    private const string Past = "past_key_values.";
    private const string Present = "present.";
    private const string Switch = "use_cache_branch";
    private readonly OnnxSession _first;
    private readonly OnnxSession _next;
    private readonly int _heads;
    private readonly int _width;

    /// <param name="next">Null when <paramref name="first"/> is the merged file.</param>
    public DecoderGraph(OnnxSession first, OnnxSession? next, WhisperConfig config)
    {
        (_first, _next) = (first, next ?? first);
        (_heads, _width) = (config.Heads, config.Width / config.Heads);
        VocabularySize = first.Outputs["logits"].Dimensions[^1] is > 0 and var size ? size : config.VocabularySize;
        if (_next.Inputs.Keys.FirstOrDefault(name => !IsKnown(name)) is { } unknown)
            throw new ModelUnavailableException($"The decoder {_next.FilePath} wants an input {unknown} that Whisper's exports are not known to have.");
    }

    /// <summary>Numbers of one row of logits.</summary>
    public int VocabularySize { get; }

    /// <summary>The first step of all rows: keys and values of the sound are worked out once and kept.</summary>
    /// <param name="sound">The encoder's answer; must live as long as the state.</param>
    public async Task<DecoderState> BeginAsync(OrtValue sound, int rows, int token, CancellationToken cancellationToken)
    {
        var state = new DecoderState(sound, rows);
        var empty = new List<OrtValue>();
        try
        {
            var inputs = Inputs(_first, state, cached: false);
            foreach (var (name, meta) in _first.Inputs.Where(input => input.Key.StartsWith(Past, StringComparison.Ordinal)))
            {
                empty.Add(Tensors.Empty([rows, _heads, 0, _width], meta.ElementDataType));
                inputs[name] = empty[^1];
            }
            await RunAsync(_first, state, inputs, Enumerable.Repeat(token, rows), _ => true, cancellationToken);
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
        finally
        {
            empty.ForEach(value => value.Dispose());
        }
    }

    /// <summary>One more token in each row.</summary>
    public Task StepAsync(DecoderState state, IEnumerable<int> tokens, CancellationToken cancellationToken)
    {
        var inputs = Inputs(_next, state, cached: true);
        foreach (var (name, value) in state.Cache)
        {
            if (_next.Inputs.ContainsKey(name))
                inputs[name] = value;
        }
        // The sound's keys and values do not change; merged files answer with empty ones here.
        return RunAsync(_next, state, inputs, tokens, name => name.Contains(".decoder.", StringComparison.Ordinal), cancellationToken);
    }

    private static Dictionary<string, OrtValue> Inputs(OnnxSession session, DecoderState state, bool cached)
    {
        var inputs = new Dictionary<string, OrtValue>();
        if (session.Inputs.ContainsKey("encoder_hidden_states"))
            inputs["encoder_hidden_states"] = state.Sound;
        if (session.Inputs.ContainsKey(Switch))
            inputs[Switch] = state.Switch(cached);
        return inputs;
    }

    private async Task RunAsync(
        OnnxSession session, DecoderState state, Dictionary<string, OrtValue> inputs, IEnumerable<int> tokens, Func<string, bool> isKept, CancellationToken cancellationToken)
    {
        using var ids = OrtValue.CreateTensorValueFromMemory(tokens.Select(token => (long)token).ToArray(), [state.Rows, 1]);
        inputs["input_ids"] = ids;
        string[] wanted = ["logits", .. session.OutputNames.Where(name => name.StartsWith(Present, StringComparison.Ordinal) && isKept(name))];
        // The values outlive their collection: the state owns them from here on, except for the logits.
        var outputs = await session.RunAsync(inputs, wanted, cancellationToken);
        using var logits = outputs[0];
        for (var i = 1; i < wanted.Length; i++)
            state.Keep(Past + wanted[i][Present.Length..], outputs[i]);
        state.ReadLogits(logits, VocabularySize);
    }

    private static bool IsKnown(string name) =>
        name is "input_ids" or "encoder_hidden_states" or Switch || name.StartsWith(Past, StringComparison.Ordinal);

    public void Dispose()
    {
        _first.Dispose();
        if (_next != _first)
            _next.Dispose();
    }
}

/// <summary>Where the rows of a batch stand in the decoder.</summary>
internal sealed class DecoderState(OrtValue sound, int rows) : IDisposable
{
    private readonly OrtValue _off = OrtValue.CreateTensorValueFromMemory(new[] { false }, [1]);
    private readonly OrtValue _on = OrtValue.CreateTensorValueFromMemory(new[] { true }, [1]);
    private readonly Dictionary<string, OrtValue> _cache = [];
    private readonly float[][] _logits = new float[rows][];

    public OrtValue Sound => sound;
    public int Rows => rows;
    public IReadOnlyDictionary<string, OrtValue> Cache => _cache;

    /// <summary>Scores of the next token, for each row; the caller may change them.</summary>
    public IReadOnlyList<float[]> Logits => _logits;

    public OrtValue Switch(bool cached) => cached ? _on : _off;

    public void Keep(string name, OrtValue value)
    {
        if (_cache.Remove(name, out var old))
            old.Dispose();
        _cache[name] = value;
    }

    /// <summary>Takes the last position's scores of each row.</summary>
    public void ReadLogits(OrtValue logits, int vocabularySize)
    {
        var positions = (int)logits.GetTensorTypeAndShape().Shape[1];
        for (var row = 0; row < rows; row++)
        {
            _logits[row] ??= new float[vocabularySize];
            Tensors.Read(logits, (row * positions + positions - 1) * vocabularySize, _logits[row]);
        }
    }

    public void Dispose()
    {
        foreach (var value in _cache.Values)
            value.Dispose();
        _off.Dispose();
        _on.Dispose();
    }
}
