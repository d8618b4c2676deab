using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using VideoUnderstanding.Inference.Speech;

namespace VideoUnderstanding.UnitTests.Inference.Speech;

/// <summary>Whole talks with a transcriber that knows their words. Windows of 30 s, margins of 2 s, 100 samples a second.</summary>
public sealed class TranscriptionRunTests
{
    private static readonly WhisperFiles[] Files = [.. Enumerable.Range(1, 4).Select(ScriptedTalk.Files)];

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Sentences_that_windows_tear_are_told_whole_and_once(int batchSize)
    {
        // Sentences of 6.2 s with pauses of 0.8 s: no window ends with one of them.
        var words = Enumerable.Range(0, 300).Select(i => new TalkWord(1000 + i / 10 * 700 + i % 10 * 62, 1000 + i / 10 * 700 + i % 10 * 62 + 62, i / 10)).ToList();
        var talk = new ScriptedTalk(words, Files[batchSize - 1]);

        var segments = await talk.PlayAsync();

        Assert.Equal(Enumerable.Range(0, 30).Select(sentence => string.Join(' ', Enumerable.Range(sentence * 10, 10).Select(word => $"w{word}"))), segments.Select(segment => segment.Text));
        Assert.All(segments.Index(), segment => Assert.Equal(10 + segment.Index * 7, segment.Item.Start, segment.Index == 0 ? 1.0 : 0.021));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Where_the_silence_before_speech_misleads_the_network_the_speech_is_heard_again_without_it_and_once(int batchSize)
    {
        var words = Enumerable.Range(0, 100).Select(i => new TalkWord(1000 + i / 10 * 700 + i % 10 * 62, 1000 + i / 10 * 700 + i % 10 * 62 + 62, i / 10)).ToList();
        var talk = new ScriptedTalk(words, Files[batchSize - 1]) { Thanks = _ => true };

        var segments = await talk.PlayAsync();

        Assert.Equal(Enumerable.Range(0, 100), Words(segments));
        Assert.Single(segments, segment => segment.Text == "Thank you.");
        Assert.Equal([800, 1000], talk.Heard.Where(window => window.Voices[0].Start == 1000).Select(window => window.Start));
    }

    [Fact]
    public async Task A_network_that_hears_nothing_but_thanks_is_asked_about_each_window_a_few_times_at_most()
    {
        var words = Enumerable.Range(0, 300).Select(i => new TalkWord(1000 + i / 10 * 700 + i % 10 * 62, 1000 + i / 10 * 700 + i % 10 * 62 + 62, i / 10)).ToList();
        var talk = new ScriptedTalk(words, Files[3]);

        await talk.PlayAsync((windows, sound, _) =>
        {
            foreach (var window in windows)
                talk.Note(window, sound);
            return Task.FromResult<IReadOnlyList<Transcript>>([.. windows.Select(_ => ScriptedTalk.Told(Files[3], (0, 200, [ScriptedTalk.ThankYou])))]);
        });

        Assert.Distinct(talk.Heard.Select(window => (window.Start, window.End)));
        Assert.InRange(talk.Heard.Count, 1, 60);
    }

    [Fact]
    public void Of_any_talk_every_word_is_told_once_in_order_by_windows_that_move_on()
    {
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var (omits, thanks) = (random.Next(2) == 0, random.Next(3) == 0);
            var talk = new ScriptedTalk(Talk(random), Files[random.Next(Files.Length)])
            {
                Omits = window => omits && window.Start % 3 != 0,
                Thanks = window => thanks && window.Start % 5 != 0,
            };

            var segments = talk.PlayAsync().GetAwaiter().GetResult();

            Assert.Equal(Enumerable.Range(0, talk.WordCount), Words(segments));
            Assert.Distinct(talk.Heard.Select(window => (window.Start, window.End)));
            AssertSound(talk, segments);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    [Fact]
    public void Whatever_the_network_says_of_any_talk_the_run_ends_and_hears_all_voices()
    {
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var files = Files[random.Next(Files.Length)];
            var talk = new ScriptedTalk(Talk(random), files);

            var segments = talk.PlayAsync((windows, sound, _) =>
            {
                foreach (var window in windows)
                    talk.Note(window, sound);
                var answers = windows.Select(_ => Babble(random, files)).ToList();
                foreach (var (window, answer) in windows.Zip(answers))
                    AssertMovesOn(window, WindowReading.Read(window, answer, files));
                return Task.FromResult<IReadOnlyList<Transcript>>(answers);
            }).GetAwaiter().GetResult();

            AssertSound(talk, segments);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    /// <summary>The window that hears the rest hears nothing that was told, and begins later or leaves speech behind.</summary>
    private static void AssertMovesOn(SpeechWindow window, WindowReading reading)
    {
        if (reading.Unfinished.Count == 0)
            return;
        var planner = new WindowPlanner(ScriptedTalk.Chunk, 3 * ScriptedTalk.Rate, 2 * ScriptedTalk.Rate);
        planner.Return(reading.Unfinished, reading.Resume);
        var next = planner.Flush()[0];
        Assert.True(next.Start >= reading.Resume && next.Voices[0].Start >= window.Voices[0].Start, $"{window} {next}");
        Assert.True(next.Start >= window.Start + ScriptedTalk.Rate || next.Voices[0].Start >= window.Voices[0].Start + ScriptedTalk.Rate / 2, $"{window} {next}");
        Assert.All(reading.Segments, segment => Assert.True(segment.Start * ScriptedTalk.Rate < reading.Unfinished[0].Start));
    }

    private static void AssertSound(ScriptedTalk talk, List<SpeechSegment> segments)
    {
        Assert.All(talk.Heard, window => Assert.InRange(window.Length, 1, ScriptedTalk.Chunk));
        Assert.All(segments, segment => Assert.True(segment.End > segment.Start, segment.ToString()));
        Assert.Equal(segments.Select(segment => segment.Start).Order(), segments.Select(segment => segment.Start));
        foreach (var voice in talk.Voices())
        {
            var heard = voice.Start;
            foreach (var window in talk.Heard.OrderBy(window => window.Start))
                heard = window.Start <= heard ? Math.Max(heard, window.End) : heard;
            Assert.True(heard >= voice.End, $"{voice} is heard up to {heard} only.");
        }
    }

    /// <summary>Sentences of 1 to 12 words, some of 50; breaks between words and sentences that are shorter and longer than what ends a voice or a window.</summary>
    private static List<TalkWord> Talk(Random random)
    {
        var (words, at) = (new List<TalkWord>(), (long)2 * random.Next(300));
        for (var sentence = 0; sentence < 5 + random.Next(60); sentence++)
        {
            var count = random.Next(12) == 0 ? 50 : 1 + random.Next(12);
            for (var i = 0; i < count; i++)
            {
                var end = at + 60 + 2 * random.Next(20);
                words.Add(new TalkWord(at, end, sentence));
                at = end + (random.Next(6) == 0 ? 2 * random.Next(60) : 0);
            }
            at += random.Next(4) switch { 0 => 0, 1 => 2 * random.Next(50), 2 => 2 * random.Next(150), _ => random.Next(6) == 0 ? 1400 : 40 };
        }
        return words;
    }

    private static Transcript Babble(Random random, WhisperFiles files)
    {
        var (pieces, at) = (new List<(long, long?, int[])>(), 2L * random.Next(random.Next(2) == 0 ? 50 : 700));
        for (var i = random.Next(6); i >= 0; i--)
        {
            var end = at + 2 + 2 * random.Next(random.Next(2) == 0 ? 60 : 900);
            pieces.Add((at, i == 0 && random.Next(2) == 0 ? null : Math.Min(end, ScriptedTalk.Chunk), [random.Next(9000)]));
            at = end + 2 * random.Next(40);
            if (at >= ScriptedTalk.Chunk)
                break;
        }
        return ScriptedTalk.Told(files, pieces);
    }

    private static List<int> Words(IEnumerable<SpeechSegment> segments) =>
        [.. segments.SelectMany(segment => segment.Text.Split(' ')).Where(word => word.StartsWith('w')).Select(word => int.Parse(word[1..], CultureInfo.InvariantCulture))];
}
