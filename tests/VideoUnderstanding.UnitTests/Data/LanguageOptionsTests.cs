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
    [InlineData("en", "auto", null)]
    [InlineData("auto,en", null, "auto")]
    [InlineData("en,all", "haw", "haw")]
    [InlineData("en,all", "auto", null)]
    public void A_language_is_one_of_the_accepted_ones(string languages, string? requested, string? found)
        => Assert.Equal(found, new LanguageOptions { Languages = languages }.Find(requested));

    [Fact]
    public void By_default_the_language_is_English_or_auto()
        => Assert.Equal(["en", "auto"], new LanguageOptions().Accepted());

    [Fact]
    public void All_means_the_hundred_languages_of_the_model()
        => Assert.Equal(100, new LanguageOptions { Languages = "all" }.Accepted().Count);

    [Theory]
    [InlineData("en,auto", true)]
    [InlineData("all", true)]
    [InlineData("", false)]
    [InlineData("english", false)]
    [InlineData("en, de", false)]
    [InlineData("en,", false)]
    [InlineData("EN", false)]
    [InlineData("en,xx", false)]
    public void A_wrong_list_is_refused(string languages, bool accepted)
    {
        var options = new LanguageOptions { Languages = languages };
        Assert.Equal(accepted, Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true));
    }
}
