using VideoUnderstanding.Indexing.Pictures;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.UnitTests.Indexing;

public sealed class DuplicateFrameFilterTests
{
    private readonly DuplicateFrameFilter _dropper = new(tolerance: 6);

    [Fact]
    public void The_first_picture_is_kept() => Assert.True(_dropper.IsDistinct(Plain(0, 100, startsShot: false)));

    [Fact]
    public void Noise_is_a_duplicate()
    {
        var random = new Random(3);
        Assert.True(_dropper.IsDistinct(Plain(0, 100)));
        for (var second = 1; second < 10; second++)
            Assert.False(_dropper.IsDistinct(Painted(second, (_, _) => (byte)(100 + random.Next(-8, 9)))));
    }

    [Fact]
    public void The_first_picture_of_a_shot_is_kept_even_if_it_looks_the_same()
    {
        _dropper.IsDistinct(Plain(0, 100));
        Assert.True(_dropper.IsDistinct(Plain(1, 100, startsShot: true)));
    }

    [Fact]
    public void The_first_picture_of_a_chunk_is_kept_even_when_it_looks_the_same()
    {
        var filter = new DuplicateFrameFilter(tolerance: 6, chunkSeconds: 3);
        Assert.Equal([0, 3, 6], Enumerable.Range(0, 8).Where(second => filter.IsDistinct(Plain(second, 100, startsShot: second == 0))));
    }

    [Fact]
    public void A_picture_with_a_small_new_object_is_kept()
    {
        _dropper.IsDistinct(Plain(0, 100));
        Assert.True(_dropper.IsDistinct(Painted(1, (x, y) => x is >= 100 and < 115 && y is >= 60 and < 75 ? (byte)255 : (byte)100)));
    }

    [Fact]
    public void A_picture_with_another_colour_of_the_same_brightness_is_kept()
    {
        _dropper.IsDistinct(Plain(0, 100));
        var frame = Plain(1, 100);
        // 100 = 0.299 * 190 + 0.587 * 62 + 0.114 * 59 by the weights of ITU-R BT.601: red of the same brightness as the grey before.
        for (var i = 0; i < frame.Rgb.Length; i += 3)
            (frame.Rgb[i], frame.Rgb[i + 1], frame.Rgb[i + 2]) = (190, 62, 59);
        Assert.True(_dropper.IsDistinct(frame));
    }

    [Fact]
    public void Slow_changes_add_up()
    {
        _dropper.IsDistinct(Plain(0, 100));
        Assert.Equal([false, false, true, false, false, true],
            Enumerable.Range(1, 6).Select(second => _dropper.IsDistinct(Plain(second, (byte)(100 + 3 * second)))));
    }

    [Fact]
    public async Task Only_changed_pictures_of_a_stream_are_kept()
    {
        var kept = await _dropper.FilterAsync(new[] { Plain(0, 100), Plain(1, 101), Plain(2, 150), Plain(3, 151) }.ToAsyncEnumerable())
            .Select(frame => frame.Time).ToArrayAsync();
        Assert.Equal<double>([0, 2], kept);
    }

    [Fact]
    public void A_kept_picture_represents_the_time_until_the_next_one_or_the_end()
    {
        var spans = new PictureSpans();
        spans.Add(Plain(0, 1, startsShot: true));
        spans.Add(Plain(3, 1));
        spans.Add(Plain(4.5, 1, startsShot: true));
        Assert.Equal([new PictureSpan(0, 3, 0), new PictureSpan(3, 4.5, 0), new PictureSpan(4.5, 9, 1)], spans.Take(9));
        // A second call returns only later spans. The numbers of the shots continue.
        spans.Add(Plain(9, 1));
        spans.Add(Plain(10, 1, startsShot: true));
        Assert.Equal([new PictureSpan(9, 10, 1), new PictureSpan(10, 12, 2)], spans.Take(12));
    }

    private static Frame Plain(double time, byte value, bool startsShot = false) => Painted(time, (_, _) => value, startsShot);

    private static Frame Painted(double time, Func<int, int, byte> value, bool startsShot = false)
    {
        const int width = 320, height = 180;
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < rgb.Length; i++)
            rgb[i] = value(i / 3 % width, i / 3 / width);
        return new Frame(time, startsShot, width, height, rgb);
    }
}
