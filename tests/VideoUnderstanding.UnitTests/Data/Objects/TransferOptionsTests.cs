using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using VideoUnderstanding.Data.Objects;

namespace VideoUnderstanding.UnitTests.Data.Objects;

public sealed class TransferOptionsTests
{
    [Theory]
    [InlineData("raw", "exact")]
    [InlineData("media-2023", "year")]
    [InlineData("media-old", "media")]
    [InlineData("other", "all")]
    [InlineData("rawer", "all")]
    public void The_most_precise_pattern_reads_a_bucket(string bucket, string integration)
    {
        var options = Read(("all:Buckets:0", "*"), ("media:Buckets:0", "media-*"), ("year:Buckets:0", "x"), ("year:Buckets:1", "media-20*"),
            ("exact:Buckets:0", "raw"));
        Assert.Equal(integration, options.IntegrationFor(bucket)!.Value.Key);
    }

    [Fact]
    public void A_bucket_without_a_matching_pattern_has_no_integration()
    {
        Assert.Null(Read(("one:Buckets:0", "media-*")).IntegrationFor("Media-1"));
        Assert.Null(Read().IntegrationFor("raw"));
    }

    [Fact]
    public void Valid_settings_are_accepted()
        => Assert.Empty(
            ValidationErrors(
                Read(("a:Buckets:0", "raw"), ("a:Endpoint", "http://127.0.0.1:9000"), ("a:AccessKey", "k"), ("a:SecretKey", "s"),
                    ("b:Buckets:0", "*"), ("b:Anonymous", "true"))));

    [Theory]
    [InlineData("Region", "eu-central-1", "Buckets must name")]
    [InlineData("Buckets:0", "s3://raw", "'s3://raw'")]
    [InlineData("Buckets:0", "", "''")]
    [InlineData("Endpoint", "store.example.org", "Endpoint: store.example.org")]
    [InlineData("Endpoint", "ftp://store.example.org", "Endpoint")]
    [InlineData("Endpoint", "https://key:secret@store.example.org", "Endpoint")]
    [InlineData("Endpoint", "https://store.example.org/bucket", "Endpoint")]
    [InlineData("Region", "", "Region")]
    [InlineData("AccessKey", "k", "belong together")]
    [InlineData("SecretKey", "s", "belong together")]
    public void The_error_of_a_wrong_setting_names_the_integration(string setting, string value, string part)
    {
        var options = Read(($"harbour:{setting}", value));
        Assert.Contains(ValidationErrors(options),
            error => error.StartsWith("Integrations:harbour: ", StringComparison.Ordinal)
                && error.Contains(part, StringComparison.Ordinal));
    }

    [Fact]
    public void Anonymous_and_keys_exclude_each_other()
        => Assert.Contains("Anonymous",
            Assert.Single(ValidationErrors(
                Read(("a:Buckets:0", "*"), ("a:Anonymous", "true"), ("a:AccessKey", "k"), ("a:SecretKey", "s")))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("media", false)]
    [InlineData("/", false)]
    [InlineData("/srv/..", false)]
    [InlineData("/srv/media/", true)]
    [InlineData("", true)]
    public void The_shared_folder_is_a_full_path(string root, bool isFine)
        => Assert.Equal(isFine, ValidationErrors(new TransferOptions { FileRoot = root }).Count == 0);

    private static TransferOptions Read(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(one => KeyValuePair.Create($"Integrations:{one.Name}", (string?)one.Value))).Build();
        return configuration.Get<TransferOptions>() ?? new TransferOptions();
    }

    private static List<string> ValidationErrors(TransferOptions options)
    {
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true);
        return [.. faults.Select(error => error.ErrorMessage!)];
    }
}
