using System.Text.Json;
using VideoUnderstanding.Server.Api.Reading;

namespace VideoUnderstanding.UnitTests.Api;

public sealed class ExactNumberTests
{
    [Theory]
    [InlineData("3", "3")]
    [InlineData("3.0", "3")]
    [InlineData("-0", "0")]
    [InlineData("1e3", "1000")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("0.1234567890123456789", "0.1234567890123456789")]
    [InlineData("1.5", "1.5")]
    [InlineData("1e300", "1E+300")]
    [InlineData("1.23456789012e-20", "1.23456789012E-20")]
    [InlineData("1e-300", "1E-300")]
    public void Numbers_keep_their_digits_from_text_and_from_JSON(string written, string kept)
    {
        using var document = JsonDocument.Parse(written);
        Assert.Equal(kept, ExactNumber.Read(written)?.ToJsonString());
        Assert.Equal(kept, ExactNumber.FromJson(document.RootElement)?.ToJsonString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("north")]
    [InlineData("NaN")]
    [InlineData("1e400")]
    [InlineData("-Infinity")]
    [InlineData("0x10")]
    public void Invalid_and_too_large_numbers_are_rejected(string text) => Assert.Null(ExactNumber.Read(text));
}
