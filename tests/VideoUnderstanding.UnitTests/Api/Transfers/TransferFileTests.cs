using System.Text;
using VideoUnderstanding.Server.Api.Transfers;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.UnitTests.Api.Transfers;

public sealed class TransferFileTests
{
    private const string Good = """{"index_id": "64007c1e9a4b2f0c1d3e5a01", "object": "s3://raw/a.mp4"}""";

    [Fact]
    public void Elements_are_read_in_their_order()
    {
        var elements = Parse($$"""
            [{"index_id": "64007c1e9a4b2f0c1d3e5a01", "language": "EN", "object": "s3://raw/a.mp4", "transcription": "s3://raw/a.vtt"},
             {"index_id": "64007C1E9A4B2F0C1D3E5A01", "language": null, "object": "s3://raw/b.mp4", "transcription": null}, {{Good}}]
            """);
        Assert.Equal(["s3://raw/a.mp4", "s3://raw/b.mp4", "s3://raw/a.mp4"], elements.Select(element => element.Object));
        Assert.Equal(["s3://raw/a.vtt", null, null], elements.Select(element => element.Transcription));
    }

    [Fact]
    public void A_byte_order_mark_is_accepted()
        => Assert.Single(TransferFile.Parse((byte[])[.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes($"[{Good}]")], 10));

    [Theory]
    [InlineData("nonsense", "The file parameter is invalid. It is not valid JSON")]
    [InlineData("", "The file parameter is invalid. It is not valid JSON")]
    [InlineData(Good, "The file parameter is invalid. It must be a JSON array")]
    [InlineData("[]", "1 to 3 elements, and has 0")]
    [InlineData($"[{Good},{Good},{Good},{Good}]", "1 to 3 elements, and has 4")]
    public void A_file_without_a_list_of_elements_is_refused(string json, string part)
        => Assert.Contains(part, Refused(json, "parameter_invalid").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("7", "parameter_invalid", "JSON object")]
    [InlineData("null", "parameter_invalid", "JSON object")]
    [InlineData("{}", "parameter_not_provided", "index_id, object")]
    [InlineData("""{"index_id": "64007c1e9a4b2f0c1d3e5a01", "object": " "}""", "parameter_not_provided", "The object parameter")]
    [InlineData("""{"index_id": null, "object": "s3://raw/a.mp4"}""", "parameter_not_provided", "The index_id parameter")]
    [InlineData("""{"index_id": "64007c1e", "object": "s3://raw/a.mp4"}""", "parameter_invalid", "The index_id parameter")]
    [InlineData("""{"index_id": "64007c1e9a4b2f0c1d3e5a01", "object": ["s3://raw/a.mp4"]}""", "parameter_invalid", "The object parameter")]
    [InlineData("""{"index_id": "64007c1e9a4b2f0c1d3e5a01", "object": "s3://raw/a.mp4", "transcription": 5}""", "parameter_invalid",
        "The transcription parameter")]
    [InlineData("""{"index_id": "64007c1e9a4b2f0c1d3e5a01", "object": "s3://raw/a.mp4", "url": "x"}""", "parameter_unknown",
        "The url parameter")]
    [InlineData("""{"index_id": "64007c1e9a4b2f0c1d3e5a01", "object": "s3://raw/a\u0000.mp4"}""", "parameter_invalid", "U+0000")]
    [InlineData("""{"index_id": "64007c1e9a4b2f0c1d3e5a01", "object": "s3://raw/\ud800.mp4"}""", "parameter_invalid", "surrogate")]
    public void A_wrong_element_is_named_by_its_number_and_member(string element, string code, string part)
    {
        var message = Refused($"[{Good}, {element}, {Good}]", code).Message;
        Assert.StartsWith("Element 2 of the file: ", message, StringComparison.Ordinal);
        Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_given_twice_is_refused()
        => Refused("""[{"object": "s3://raw/a.mp4", "object": "s3://raw/b.mp4"}]""", "parameter_invalid");

    private static IReadOnlyList<TransferElementRequest> Parse(string json) => TransferFile.Parse(Encoding.UTF8.GetBytes(json), 3);

    private static ApiError Refused(string json, string code)
    {
        var error = Assert.Throws<ApiException>(() => Parse(json)).Error;
        Assert.Equal((400, code), (error.Status, error.Code));
        return error;
    }
}
