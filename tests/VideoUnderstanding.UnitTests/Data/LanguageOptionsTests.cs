using System.ComponentModel.DataAnnotations;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.UnitTests.Data;

public sealed class LanguageOptionsTests
{
    [Theory]
    [InlineData("en,de", "DE", "de")]
    [InlineData("en,de", null, "en")]
    [InlineData("de,en", "", "de")]
    [InlineData("en,de", "fr", null)]
    [InlineData("en", " en", null)]
    public void A_language_is_one_of_the_accepted_ones(string languages, string? asked, string? found)
        => Assert.Equal(found, new LanguageOptions { Languages = languages }.Find(asked));

    [Theory]
    [InlineData("")]
    [InlineData("english")]
    [InlineData("en, de")]
    [InlineData("en,")]
    [InlineData("EN")]
    public void A_wrong_list_is_refused(string languages)
    {
        var options = new LanguageOptions { Languages = languages };
        Assert.False(Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true));
    }
}
