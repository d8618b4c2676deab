using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using VideoUnderstanding.Server.Api.Videos;

namespace VideoUnderstanding.UnitTests.Api;

public sealed class PublicAddressTests
{
    [Theory]
    [InlineData(null, "http://video.lan:8080")]
    [InlineData("", "http://video.lan:8080")]
    [InlineData("https://video.example.org/", "https://video.example.org")]
    public void Without_a_public_address_the_address_of_the_request_is_used(string? setting, string root)
    {
        var options = new PublicAddressOptions { PublicAddress = setting };
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);

        Assert.Equal(root,
            options.RootOf(new DefaultHttpContext { Request = { Scheme = "http", Host = new HostString("video.lan", 8080) } }.Request));
    }

    [Fact]
    public void An_invalid_address_stops_the_server()
    {
        var options = new PublicAddressOptions { PublicAddress = "video" };
        Assert.Throws<ValidationException>(
            () => Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true));
    }
}
