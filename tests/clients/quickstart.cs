// The quickstart with the client that NSwag makes from the published document; its code is appended to this file. Arguments: key, clip,
// query. Prints how many videos were searched, and the hits.
#:package Newtonsoft.Json@13.0.4
#:property PublishAot=false
#:property ManagePackageVersionsCentrally=false
using Generated;
using State = Generated.TaskStatus;

using var http = new HttpClient();
http.DefaultRequestHeaders.Add("x-api-key", args[0]);
var api = new VideoClient(http);

var index = (await api.CreateIndexAsync(new CreateIndexRequest
{
    Engine_id = CreateIndexRequestEngine_id.Marengo2, Index_name = $"NSwag {Guid.NewGuid()}", Index_options = [IndexOption.Visual],
}))._id;
await using var clip = File.OpenRead(args[1]);
var task = (await api.CreateTaskAsync(index, new FileParameter(clip, Path.GetFileName(args[1])), null, "en", null, null!, null, null))._id;

var state = await api.RetrieveTaskAsync(task);
while (state.Status is not (State.Ready or State.Failed))
{
    await System.Threading.Tasks.Task.Delay(1000);
    state = await api.RetrieveTaskAsync(task);
}
if (state.Status == State.Failed)
    throw new InvalidOperationException(state.Error_reason);

var found = await api.SearchAsync(new SearchRequest { Index_id = index, Query = args[2], Search_options = [IndexOption.Visual] });
Console.WriteLine($"{found.Search_pool.Total_count} video searched");
foreach (var hit in found.Data)
    Console.WriteLine($"{hit.Video_id} {hit.Start} {hit.End} {hit.Confidence}");
