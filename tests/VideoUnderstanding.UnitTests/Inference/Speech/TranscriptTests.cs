using VideoUnderstanding.Inference.Speech;

namespace VideoUnderstanding.UnitTests.Inference.Speech;

public sealed class TranscriptTests
{
    private static readonly SpeechSettings Settings = new();

    [Fact]
    public void A_sure_varied_text_is_kept()
        => Assert.False(new Transcript([], "Ask not what your country can do for you.", -0.2, 0.01).IsDoubtful(Settings));

    [Fact]
    public void A_guessed_text_is_tried_again() => Assert.True(new Transcript([], "Ask not", -1.5, 0.01).IsDoubtful(Settings));

    [Fact]
    public void A_text_that_repeats_itself_is_tried_again()
        => Assert.True(new Transcript([], string.Concat(Enumerable.Repeat("thank you very much ", 20)), -0.1, 0.01).IsDoubtful(Settings));

    [Fact]
    public void A_guess_where_nobody_speaks_is_silence()
    {
        var guess = new Transcript([], "Ask not", -1.5, 0.9);

        Assert.True(guess.IsSilence(Settings));
        Assert.False(guess.IsDoubtful(Settings));
    }

    [Fact]
    public void A_sure_text_is_no_silence_whatever_the_first_step_said()
        => Assert.False(new Transcript([], "Ask not", -0.2, 0.9).IsSilence(Settings));

    [Fact]
    public void Tokens_are_split_at_their_times()
    {
        // Times from 100 on in steps of 0.02 s.
        var pieces = SpokenPiece.Parse([100, 1, 2, 150, 160, 3, 200, 210, 4], 100, 0.02, tokens => string.Join(' ', tokens));

        Assert.Equal([new SpokenPiece(0, 1, "1 2"), new SpokenPiece(1.2, 2, "3"), new SpokenPiece(2.2, null, "4")], pieces);
    }

    [Fact]
    public void The_sound_buffer_forgets_only_what_it_is_told_to()
    {
        var buffer = new SoundBuffer();
        buffer.Append([0, 1, 2, 3, 4]);
        buffer.DropBefore(2);
        buffer.Append([5, 6]);

        Assert.Equal([3f, 4, 5], buffer.Slice(3, 6));
        Assert.Equal([6f], buffer.Slice(6, 99));
        Assert.Throws<ArgumentOutOfRangeException>(() => { buffer.Slice(1, 3); });
        Assert.Equal((2L, 7L), (buffer.Start, buffer.End));
    }
}
