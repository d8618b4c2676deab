using System.Net;
using System.Text.Json;

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>Reads answers and checks the rules that apply to all of them.</summary>
public static class Answers
{
    /// <summary>Checks that the answer has this status, the version header and a JSON body, and returns the JSON.</summary>
    public static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> sent, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await sent;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} instead of {(int)status}: {text}");
        Assert.Equal("1.1", Assert.Single(response.Headers.GetValues("X-Api-Version")));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>Checks that the answer is an error of the API with this status and code, and without other members than code and
    /// message.</summary>
    /// <returns>The message.</returns>
    public static async Task<string> ErrorAsync(this Task<HttpResponseMessage> sent, HttpStatusCode status, string code)
    {
        var error = await sent.JsonAsync(status);
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(["code", "message"], error.EnumerateObject().Select(member => member.Name));
        return error.GetProperty("message").GetString()!;
    }

    /// <summary>Checks that the answer has this status and no body.</summary>
    public static async Task EmptyAsync(this Task<HttpResponseMessage> sent, HttpStatusCode status)
    {
        using var response = await sent;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} instead of {(int)status}: {text}");
        Assert.Equal("1.1", Assert.Single(response.Headers.GetValues("X-Api-Version")));
        Assert.Equal("", text);
    }

    public static string Id(this JsonElement answer) => answer.GetProperty("_id").GetString()!;

    public static string[] Names(this JsonElement answer) => [.. answer.EnumerateObject().Select(member => member.Name)];

    public static JsonElement[] Data(this JsonElement answer) => [.. answer.GetProperty("data").EnumerateArray()];
}
