namespace VideoUnderstanding.EndToEndTests.Tiny;

public sealed class TinyVoiceTests(TinyModelFiles models) : IClassFixture<TinyModelFiles>
{
    [Fact]
    public void A_tone_is_speech_and_silence_is_not()
    {
        var silence = Probability(new float[576], new float[256]);
        var tone = Probability([.. Enumerable.Range(0, 576).Select(i => 0.3f * MathF.Sin(i * 0.3f))], new float[256]);

        Assert.InRange(silence.Speech, 0, 0.01f);
        Assert.InRange(tone.Speech, 0.99f, 1);
    }

    [Fact]
    public void The_state_remembers_how_loud_it_was()
    {
        var tone = Probability([.. Enumerable.Range(0, 576).Select(i => 0.3f * MathF.Sin(i * 0.3f))], new float[256]);

        var after = Probability(new float[576], tone.State);

        Assert.InRange(after.Speech, 0.01f, 0.5f);
    }

    private (float Speech, float[] State) Probability(float[] sound, float[] before)
    {
        using var session = models.Open("tiny-voice/silero_vad.onnx");
        using var input = Tensors.Of(sound, 1, sound.Length);
        using var state = Tensors.Of(before, 2, 1, 128);
        using var rate = Tensors.Of<long>([16_000]);
        using var output = session.Run(new() { ["input"] = input, ["state"] = state, ["sr"] = rate }, "output", "stateN");
        return (output[0].Floats()[0], output[1].Floats());
    }
}
