using VideoUnderstanding.Data.Objects;

namespace VideoUnderstanding.UnitTests.Data.Objects;

public sealed class ObjectAddressTests
{
    [Theory]
    [InlineData("s3://raw/a.mp4", "raw", "a.mp4")]
    [InlineData("S3://raw/2023/a.mp4", "raw", "2023/a.mp4")]
    [InlineData("s3://raw/pier%2001.mp4", "raw", "pier 01.mp4")]
    [InlineData("s3://raw/pier 01.mp4", "raw", "pier 01.mp4")]
    [InlineData("s3://raw/h%C3%A4fen/日本.mp4", "raw", "häfen/日本.mp4")]
    [InlineData("s3://raw/a+b?c#d.mp4", "raw", "a+b?c#d.mp4")]
    [InlineData("s3://raw/100%.mp4", "raw", "100%.mp4")]
    [InlineData("s3://raw/50%2541.mp4", "raw", "50%41.mp4")]
    [InlineData("s3://raw//a", "raw", "/a")]
    [InlineData("s3://my.old_Bucket-1/...", "my.old_Bucket-1", "...")]
    public void An_address_names_a_bucket_and_a_key(string text, string bucket, string key)
        => Assert.Equal(new ObjectAddress(bucket, key), ObjectAddress.Parse(text));

    [Theory]
    [InlineData("https://raw/a.mp4", "s3://bucket/key")]
    [InlineData("s3:/raw/a.mp4", "s3://bucket/key")]
    [InlineData("s3://", "bucket")]
    [InlineData("s3:///a.mp4", "bucket")]
    [InlineData("s3://ra/a.mp4", "bucket")]
    [InlineData("s3://user:secret@raw/a.mp4", "bucket")]
    [InlineData("s3://raw:9000/a.mp4", "bucket")]
    [InlineData("s3://räw/a.mp4", "bucket")]
    [InlineData("s3://raw", "no key")]
    [InlineData("s3://raw/", "no key")]
    [InlineData("s3://raw/folder/", "the key of a file")]
    [InlineData("s3://raw/a%00.mp4", "the key of a file")]
    [InlineData("s3://raw/../other/a.mp4", ". or ..")]
    [InlineData("s3://raw/%2E%2E/other/a.mp4", ". or ..")]
    [InlineData("s3://raw/a/..%2fb.mp4", ". or ..")]
    [InlineData("s3://raw/./a.mp4", ". or ..")]
    public void An_invalid_address_is_refused_with_a_sentence(string text, string part)
        => Assert.Contains(part, Assert.Throws<FormatException>(() => ObjectAddress.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_length_of_a_key_is_limited_in_bytes()
    {
        Assert.Equal(512, ObjectAddress.Parse($"s3://raw/{new string('ä', 512)}").Key.Length);
        Assert.Throws<FormatException>(() => ObjectAddress.Parse($"s3://raw/{new string('ä', 512)}a"));
    }
}
