using VideoUnderstanding.Data.Accounts;

namespace VideoUnderstanding.UnitTests.Data;

public sealed class ApiKeySecretTests
{
    [Fact]
    public void A_key_is_a_prefix_and_52_letters_of_base_32()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => ApiKeySecret.New()).ToHashSet();
        Assert.Equal(100, keys.Count);
        Assert.All(keys, key => Assert.Matches("^tlk_[A-Z2-7]{52}$", key));
    }

    [Fact]
    public void A_hash_is_the_SHA_256_of_the_text()
        => Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            Convert.ToHexStringLower(ApiKeySecret.Hash("abc")));
}
