using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.UnitTests.Api;

public sealed class TimeIntervalTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_date_is_its_whole_day_in_UTC()
    {
        var span = TimeInterval.Read("created_at", "2022-05-17", Millisecond);
        Assert.Equal(new DateTimeOffset(2022, 5, 17, 0, 0, 0, TimeSpan.Zero), span.From);
        Assert.Equal(new DateTimeOffset(2022, 5, 18, 0, 0, 0, TimeSpan.Zero), span.Until);
    }

    [Fact]
    public void A_time_covers_the_unit_in_which_it_is_shown()
    {
        var moment = new DateTimeOffset(2022, 5, 17, 12, 2, 0, 123, TimeSpan.Zero);
        Assert.Equal(new TimeInterval(moment, moment + Millisecond),
            TimeInterval.Read("created_at", "2022-05-17T12:02:00.123Z", Millisecond));
    }

    [Fact]
    public void A_time_between_two_units_is_above_one_and_below_the_next()
    {
        var span = TimeInterval.Read("created_at", "2022-05-17T12:02:00.5Z", Second);
        Assert.Equal(new DateTimeOffset(2022, 5, 17, 12, 2, 1, TimeSpan.Zero), span.From);
        Assert.Equal(span.From, span.Until);
    }

    [Theory]
    [InlineData("2022-05-17T14:02:00+02:00")]
    [InlineData("2022-05-17T14:02:00 02:00")]
    [InlineData("2022-05-17t12:02:00z")]
    [InlineData("2022-05-17T12:02:00")]
    public void Offsets_are_converted_to_UTC_even_if_the_plus_sign_was_lost(string text)
        => Assert.Equal(new DateTimeOffset(2022, 5, 17, 12, 2, 0, TimeSpan.Zero), TimeInterval.Read("created_at", text, Second).From);

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("12:02")]
    [InlineData("2022-13-01")]
    [InlineData("2022-05-17T25:00:00Z")]
    [InlineData("17.05.2022")]
    public void Anything_else_is_refused(string text)
        => Assert.Equal("parameter_invalid", Assert.Throws<ApiException>(() => TimeInterval.Read("created_at", text, Second)).Error.Code);

    [Fact]
    public void The_last_possible_day_has_an_end()
        => Assert.Equal(DateTimeOffset.MaxValue, TimeInterval.Read("created_at", "9999-12-31", Second).Until);
}
