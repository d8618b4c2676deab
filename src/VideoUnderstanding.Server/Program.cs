using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;
using VideoUnderstanding.Server.Api;

var builder = WebApplication.CreateBuilder(args);
builder.AddMedia();
builder.AddInference();
builder.AddData();
builder.AddIndexing();
builder.AddSearch();

var app = builder.Build();
app.MapV11();
await app.RunAsync();

/// <summary>Named for the tests, which start the server in their own process.</summary>
public partial class Program;
