using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.UnitTests.Server.Webhooks;

public sealed class RetryDelaysTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Pauses_double_up_to_the_maximum_and_end_within_three_days()
    {
        var (options, pauses, now) = (new WebhookOptions(), new List<double>(), Start);
        while (RetryDelays.Next(options, pauses.Count + 1, Start, now) is { } next)
        {
            pauses.Add((next - now).TotalSeconds);
            now = next;
        }

        Assert.Equal([10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10240, 20480], pauses.Take(12));
        Assert.All(pauses.Skip(12), pause => Assert.Equal(28800, pause));
        Assert.InRange((now - Start).TotalHours, 72 - 8, 72);
        Assert.Equal(19, pauses.Count);
    }

    [Fact]
    public void After_the_last_day_there_is_no_further_attempt()
        => Assert.Null(RetryDelays.Next(new WebhookOptions(), 1, Start, Start.AddHours(72)));

    [Fact]
    public void Very_many_attempts_do_not_overflow_the_pause()
        => Assert.Equal(Start.AddHours(8), RetryDelays.Next(new WebhookOptions(), 5000, Start, Start));
}
