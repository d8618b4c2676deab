// Runs an S3-compatible server on a free port until its standard input ends, so that it can not outlive the tests that started it.
// The first line it prints is the port. Arguments: the folder of its buckets, then names; each is made as a bucket.
// S3_HOST is the address at which it listens; the default is the loopback address.
'use strict';

const fs = require('fs');
const path = require('path');
const S3rver = require('s3rver');

const [directory, ...buckets] = process.argv.slice(2);
const server = new S3rver({
  address: process.env.S3_HOST || '127.0.0.1',
  port: 0,
  silent: true,
  directory,
  vhostBuckets: false,
  configureBuckets: buckets.map((name) => ({ name, configs: [] })),
});

const uploadsOf = (bucket) => path.join(directory, bucket, '._S3rver_uploads');
const unfinished = (bucket) => (fs.existsSync(uploadsOf(bucket)) ? fs.readdirSync(uploadsOf(bucket)) : []);

// What s3rver leaves out of multipart uploads: listing the unfinished ones, and aborting one.
function handleUploads(ctx, next) {
  const [, bucket] = ctx.path.split('/');
  if (ctx.method === 'DELETE' && ctx.query.uploadId) {
    fs.rmSync(path.join(uploadsOf(bucket), path.basename(ctx.query.uploadId)), { recursive: true });
    ctx.status = 204;
    return undefined;
  }
  if (ctx.method === 'GET' && 'uploads' in ctx.query) {
    const items = unfinished(bucket)
      .map((id) => ({ id, folder: path.join(uploadsOf(bucket), id) }))
      .map(({ id, folder }) => ({ id, key: fs.readFileSync(path.join(folder, 'key'), 'utf8'), begun: fs.statSync(folder).mtime }))
      .filter(({ key }) => key.startsWith(ctx.query.prefix || ''))
      .map(({ id, key, begun }) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${begun.toISOString()}</Initiated></Upload>`);
    ctx.type = 'application/xml';
    ctx.body = `<ListMultipartUploadsResult><Bucket>${bucket}</Bucket><IsTruncated>false</IsTruncated>${items.join('')}</ListMultipartUploadsResult>`;
    return undefined;
  }
  return next();
}

// Faults that tests ask for by the end of a key: the second part is refused, or the first transfer breaks off in the middle.
const broken = new Set();
async function failAsAsked(ctx, next) {
  if (ctx.method === 'PUT' && ctx.path.endsWith('.refused') && ctx.query.partNumber === '2') {
    ctx.status = 403;
    ctx.type = 'application/xml';
    ctx.body = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
    return;
  }
  await next();
  if (ctx.method === 'GET' && ctx.path.endsWith('.broken') && ctx.status < 300 && !broken.has(ctx.path)) {
    broken.add(ctx.path);
    const body = ctx.body;
    ctx.respond = false;
    ctx.res.writeHead(ctx.status, { 'content-length': ctx.length, etag: ctx.response.get('etag') });
    body.once('data', (block) => ctx.res.write(block.subarray(0, Math.ceil(block.length / 2)), () => ctx.res.destroy()));
  }
}

server.middleware.unshift(handleUploads, failAsAsked);
server.run().then(({ port }) => console.log(port));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
