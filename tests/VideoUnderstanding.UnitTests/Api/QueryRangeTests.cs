using Microsoft.AspNetCore.Http;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.UnitTests.Api;

public sealed class QueryRangeTests
{
    [Theory]
    [InlineData("?start=5&end=4.9", "end")]
    [InlineData("?start=-1", "start")]
    [InlineData("?end=soon", "end")]
    public void All_range_errors_have_the_same_form(string query, string parameter)
    {
        var error = Assert.Throws<ApiException>(() => QueryRange.Read(Of(query))).Error;
        Assert.Equal("parameter_invalid", error.Code);
        Assert.Contains($"The {parameter} parameter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_bound_is_no_limit()
    {
        Assert.Equal(new QueryRange(0, double.MaxValue), QueryRange.Read(Of("")));
        Assert.Equal(new QueryRange(5, 5), QueryRange.Read(Of("?start=5&end=5")));
    }

    private static IQueryCollection Of(string query)
        => new DefaultHttpContext { Request = { QueryString = new QueryString(query) } }.Request.Query;
}
