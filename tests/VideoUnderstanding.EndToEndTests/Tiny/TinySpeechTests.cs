using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.EndToEndTests.Tiny;

/// <summary>The tiny speech model, driven token by token with a cache, in both exported forms.</summary>
public sealed class TinySpeechTests : IClassFixture<TinyModelFiles>
{
    private const int Bands = 80;
    private const int Frames = 3000;
    private readonly TinyModelFiles _models;
    private readonly Dictionary<long, string> _tokens;
    private readonly Dictionary<string, long> _ids;

    public TinySpeechTests(TinyModelFiles models)
    {
        _models = models;
        _ids = new[] { "vocab.json", "added_tokens.json" }
            .SelectMany(file => JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllBytes(Path.Combine(models.Folder, "tiny-whisper", file)))!)
            .ToDictionary(token => token.Key, token => token.Value);
        _tokens = _ids.ToDictionary(token => token.Value, token => token.Key);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tones_become_timed_sentences(bool merged)
    {
        var sound = Hear((1, 0.5, 2.5), (4, 2.6, 4), (0, 28.5, 30));

        var spoken = Decode(sound, merged, "<|startoftranscript|>", "<|en|>", "<|transcribe|>");

        Assert.Equal(
            "<0.50>ĠTheĠshipĠleavesĠatĠnoon.<2.50><2.60>ĠWeĠfoundĠanĠoldĠmap.<4.00><28.50>ĠGoodĠmorningĠeverybody.<30.00><|endoftext|>", spoken);
    }

    [Fact]
    public void Without_times_the_sentences_follow_each_other()
    {
        var sound = Hear((2, 1, 2), (3, 3, 4));

        var spoken = Decode(sound, merged: true, "<|startoftranscript|>", "<|en|>", "<|transcribe|>", "<|notimestamps|>");

        Assert.Equal("ĠPleaseĠwaterĠmyĠplants.ĠBreadĠcostsĠthreeĠcoins.<|endoftext|>", spoken);
    }

    [Fact]
    public void Text_before_the_start_does_not_count()
    {
        var sound = Hear((5, 1, 2));

        var spoken = Decode(sound, merged: false, "<|startofprev|>", "Ġmap.", "<|startoftranscript|>", "<|de|>", "<|transcribe|>");

        Assert.Equal("<1.00>ĠNobodyĠheardĠthatĠwhistle.<2.00><|endoftext|>", spoken);
    }

    [Fact]
    public void The_start_token_asks_for_the_language_or_finds_silence()
    {
        Assert.StartsWith("<|en|>", Decode(Hear((0, 1, 2)), merged: true, "<|startoftranscript|>"));
        Assert.StartsWith("<|nospeech|>", Decode(Hear(), merged: true, "<|startoftranscript|>"));
    }

    /// <summary>A made-up spectrum: everything quiet, the phrase's band loud from start to end.</summary>
    private float[] Hear(params (int Phrase, double Start, double End)[] tones)
    {
        var mel = new float[Bands * Frames];
        Array.Fill(mel, -0.5f);
        foreach (var (phrase, start, end) in tones)
            for (var frame = (int)(start * 100); frame < (int)(end * 100); frame++)
                mel[TinyPhrases.All[phrase].MelBand * Frames + frame] = 1.3f;
        using var session = _models.Open("tiny-whisper/onnx/encoder_model.onnx");
        using var input = Tensors.Of(mel, 1, Bands, Frames);
        using var output = session.Run(new() { ["input_features"] = input }, "last_hidden_state");
        return output[0].Floats();
    }

    private string Decode(float[] sound, bool merged, params string[] prompt)
    {
        using var first = _models.Open(merged ? "tiny-whisper/onnx/decoder_model_merged.onnx" : "tiny-whisper/onnx/decoder_model.onnx");
        using var further = _models.Open(merged ? "tiny-whisper/onnx/decoder_model_merged.onnx" : "tiny-whisper/onnx/decoder_with_past_model.onnx");
        var cache = new Dictionary<string, OrtValue>();
        long[] ids = [.. prompt.Select(token => _ids[token])];
        var spoken = "";
        for (var step = 0; step < 40; step++)
        {
            ids = [Step(step == 0 ? first : further, ids, sound, cache, step > 0)];
            spoken += _tokens.TryGetValue(ids[0], out var token) ? token : $"<{(ids[0] - _ids["<|notimestamps|>"] - 1) * 0.02:F2}>";
            if (token == "<|endoftext|>" || prompt.Length == 1)
                break;
        }
        foreach (var value in cache.Values)
            value.Dispose();
        return spoken;
    }

    /// <summary>Runs one step, fills the inputs the model has, and keeps what it gives for the next.</summary>
    private static long Step(InferenceSession session, long[] ids, float[] sound, Dictionary<string, OrtValue> cache, bool useCache)
    {
        using var tokens = Tensors.Of(ids, 1, ids.Length);
        using var hidden = Tensors.Of(sound, 1, 1500, sound.Length / 1500);
        using var flag = Tensors.Of(new[] { useCache }, 1);
        using var nothing = Tensors.Of(Array.Empty<float>(), 1, 2, 0, 8);
        var inputs = session.InputMetadata.Keys.ToDictionary(name => name, name => name switch
        {
            "input_ids" => tokens,
            "encoder_hidden_states" => hidden,
            "use_cache_branch" => flag,
            _ => cache.GetValueOrDefault(name.Replace("past_key_values", "present"), nothing),
        });
        using var options = new RunOptions();
        var names = session.OutputMetadata.Keys.ToList();
        var outputs = session.Run(options, inputs, names);
        for (var i = 0; i < names.Count; i++)
            if (names[i] != "logits")
            {
                if (cache.Remove(names[i], out var old))
                    old.Dispose();
                cache[names[i]] = outputs[i];
            }
        using var logits = outputs[names.IndexOf("logits")];
        var last = logits.Floats()[^(int)logits.GetTensorTypeAndShape().Shape[2]..];
        return Array.IndexOf(last, last.Max());
    }
}
