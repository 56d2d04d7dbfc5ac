import { Chart, Size } from 'cdk8s';
import { Container, Volume } from 'cdk8s-plus-28';
import { CloudIdentity, Credentials, InferenceServer, InferenceService, LocalModelCache, LocalModelNodeGroup, Model, ModelSource, OciDelivery } from 'cdk8s-serving';
import { ExampleTheme, kserve, seldonV1, seldonV2 } from './example';

const version = 'v1';

export const STORAGE: ExampleTheme = {
  title: 'Where models lie',
  examples: [
    {
      shows: 'S3 or MinIO with keys from a Secret',
      links: [kserve('storage/s3/tensorflow_s3.yaml'), kserve('storage/storageSpec/sklearn_storagespec.yaml'), seldonV1('examples/minio/minio.ipynb'), seldonV1('examples/upgrade-to-rclone/rclone-upgrade.ipynb')],
      say: "`ModelSource.s3(…, { endpoint, credentials: Credentials.fromSecretName('minio') })`; the Secret's keys are named `AWS_…`, not as `storage-config` or rclone have them",
      program: (chart) => {
        const endpoint = 'http://minio.storage:9000';
        new InferenceService(chart, 'Iris', { model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1', { endpoint, credentials: Credentials.fromSecretName('minio') }) }) });
      },
      look: (objects) => [objects.env('AWS_ENDPOINT_URL', objects.download), objects.env('AWS_ACCESS_KEY_ID', objects.download)?.secretKeyRef.name], finds: ['http://minio.storage:9000', 'minio'],
    },
    {
      shows: "The cloud's identity of a ServiceAccount in place of keys",
      links: [kserve('storage/azure/README.md'), seldonV1('doc/source/servers/overview.md')],
      say: '`Credentials.workloadIdentity(…, { identity: CloudIdentity.awsIrsaRole(…) })`',
      program: (chart) => {
        const identity = CloudIdentity.awsIrsaRole('arn:aws:iam::123456789012:role/reader');
        new InferenceService(chart, 'Iris', { model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1', { credentials: Credentials.workloadIdentity('reader', { identity }) }) }) });
      },
      look: (objects) => objects.one('ServiceAccount').metadata.annotations['eks.amazonaws.com/role-arn'], finds: 'arn:aws:iam::123456789012:role/reader',
    },
    {
      shows: 'Google Cloud Storage, Azure Blob Storage',
      links: [kserve('v1beta1/sklearn/v2/sklearn.yaml'), kserve('storage/azure/README.md'), seldonV1('notebooks/server_examples.ipynb')],
      say: '`ModelSource.gcs`, `ModelSource.azureBlob`',
      program: (chart) => {
        new InferenceService(chart, 'Iris', { model: Model.sklearn({ source: ModelSource.gcs('gs://models/iris/v1') }) });
        new InferenceService(chart, 'Churn', { model: Model.sklearn({ source: ModelSource.azureBlob('https://models.blob.core.windows.net/prod/churn/v3') }) });
      },
      look: ({ pods }) => pods.map(({ initContainers }) => JSON.stringify(initContainers[0]).match(/(gs:\/\/models|https:\/\/models\.blob)/)?.[0]), finds: ['gs://models', 'https://models.blob'],
    },
    {
      shows: 'A file or archive from a web server',
      links: [kserve('storage/uri/README.md')],
      say: '`ModelSource.http`',
      program: (chart) => new InferenceService(chart, 'Mnist', { model: Model.tensorflow({ source: ModelSource.http('https://models.example.com/mnist/v4/model.tar.gz') }) }),
      look: ({ download }) => JSON.stringify(download).includes('https://models.example.com/mnist/v4/model.tar.gz'), finds: true,
    },
    {
      shows: 'The Hugging Face hub with a token',
      links: [kserve('storage/hf/hf_isvc.yaml'), kserve('storage/hf/hf_secret.yaml')],
      say: "`Model.huggingFace(…, { revision, credentials: Credentials.fromSecretName('hub') })`",
      program: (chart) => {
        const revision = '9216db5781bf21249d130ec9da846c4624c16137';
        new InferenceService(chart, 'Bert', { model: Model.huggingFace('google-bert/bert-base-uncased', { revision, credentials: Credentials.fromSecretName('hub') }) });
      },
      look: (objects) => objects.env('HF_TOKEN', objects.download)?.secretKeyRef.name, finds: 'hub',
    },
    {
      shows: 'A PersistentVolumeClaim that holds the model',
      links: [kserve('storage/pvc/README.md'), kserve('v1beta1/custom/torchserve/custom-server-with-external-storage.md'), seldonV1('examples/models/pvc-tfjob/pvc-tfjob.ipynb')],
      say: "`ModelSource.pvcName('models', { path })`",
      program: (chart) => {
        const path = 'iris/v1';
        new InferenceService(chart, 'Iris', { model: Model.sklearn({ source: ModelSource.pvcName('models', { path }) }) });
      },
      look: ({ pods }) => pods[0].volumes.find((one: any) => one.persistentVolumeClaim)?.persistentVolumeClaim.claimName, finds: 'models',
    },
    {
      shows: 'A PersistentVolumeClaim from which models are copied',
      links: [seldonV2('docs-gb/examples/k8s-pvc.md')],
      reason: "Seldon's agent copies with rclone from a folder of its own pods: the claim has to be a volume of the `Server`, not of the model",
      instead: 'a store that rclone reaches (S3, GCS, Azure); or the claim on another engine, where pods mount it',
    },
    {
      shows: 'A claim that a Job fills first',
      links: [kserve('storage/pvc-init/README.md'), kserve('llmisvc/e2e-gpt-oss/model_weights_job.yaml'), kserve('v1beta1/torchserve/model-archiver/README.md')],
      reason: 'a Job that runs once is no part of a service: it belongs to what makes the model',
      instead: 'a Job of cdk8s-plus in the same chart, and `ModelSource.pvc` of its claim',
    },
    {
      shows: 'An OCI image as a volume',
      links: [kserve('storage/oci-image-volume/README.md')],
      say: '`ModelSource.oci(…, { delivery: OciDelivery.VOLUME })` in a cluster that is said to have image volumes',
      program: (chart) => new InferenceService(chart, 'Iris', { model: Model.sklearn({ source: ModelSource.oci('registry.example.com/ml/iris:v1', { delivery: OciDelivery.VOLUME }) }) }),
      look: ({ pods }) => pods[0].volumes.find((one: any) => one.image)?.image.reference, finds: 'registry.example.com/ml/iris:v1',
    },
    {
      shows: 'A store whose certificate is signed by an authority of your own',
      links: [kserve('cabundle/README.md')],
      say: "`verifyTls: false`; or its certificate, which `podOverlay` mounts into the container that downloads",
      program: (chart) => new InferenceService(chart, 'Iris', {
        model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1', { endpoint: 'https://minio.storage:9000', verifyTls: false }) }),
        podOverlay: { spec: { volumes: [{ name: 'authority', configMap: { name: 'authority' } }] } },
      }),
      look: (objects) => [objects.env('S3_VERIFY_SSL', objects.download), objects.pods[0].volumes.some((one: any) => one.name === 'authority')], finds: ['0', true],
    },
    {
      shows: 'A model that is kept on the nodes',
      links: [kserve('localmodelcache/README.md')],
      say: '`LocalModelNodeGroup`, `LocalModelCache`, and `modelCache` of the service',
      program: (chart) => {
        const cached = ModelSource.huggingFace('facebook/opt-125m', { revision: '9216db5781bf21249d130ec9da846c4624c16137' });
        const platform = new Chart(chart.node.scope!, 'platform');
        const group = new LocalModelNodeGroup(platform, 'Group', { storageLimit: Size.gibibytes(100), nodeLabels: { 'example.com/models': 'kept' } });
        const modelCache = new LocalModelCache(platform, 'Cache', { source: cached, modelSize: Size.gibibytes(1), nodeGroups: [group] });
        new InferenceService(chart, 'Opt', { model: Model.huggingFace('facebook/opt-125m', { source: cached }), server: InferenceServer.kserveHuggingFace({ task: 'text_generation' }), modelCache });
      },
      look: ({ pods, server }) => [pods[0].initContainers, server.storageUri], finds: [undefined, 'hf://facebook/opt-125m:9216db5781bf21249d130ec9da846c4624c16137'],
    },
    {
      shows: 'HDFS, WebHDFS',
      links: [kserve('storage/hdfs/README.md')],
      reason: 'it has no credentials of a kind that the library knows (Kerberos, name nodes), and no way to plan the download',
      instead: 'a claim that is filled from it (`ModelSource.pvc`), or an InferenceService written by hand with the runtimes of `KServeRuntimes`',
    },
    {
      shows: 'A dataset that Fluid keeps near the nodes',
      links: [kserve('fluid/README.md')],
      say: "`ModelSource.pvcName` of the Dataset's claim; the Dataset is an object of your own",
      program: (chart) => new InferenceService(chart, 'Llama', { model: Model.onnx({ version, source: ModelSource.pvcName('s3-data', { path: 'llama/v1' }) }) }),
      look: ({ pods }) => pods[0].volumes.find((one: any) => one.persistentVolumeClaim)?.persistentVolumeClaim.claimName, finds: 's3-data',
    },
    {
      shows: 'An init container of your own that prepares files (DVC, rclone with settings)',
      links: [seldonV1('examples/init_containers/custom_init_container.ipynb'), seldonV1('examples/dvc/sklearn_dvc_minio.ipynb')],
      say: '`initContainers` and `volumes`, with `ModelSource.inImage` where the server finds the files',
      program: (chart) => {
        const volume = Volume.fromEmptyDir(chart, 'Files', 'files');
        const pull = new Container({ name: 'dvc', image: 'registry.example.com/ml/dvc:3', args: ['pull'] });
        pull.mount('/data', volume);
        new InferenceService(chart, 'Iris', { model: Model.sklearn({ source: ModelSource.inImage('/data/iris'), version }), initContainers: [pull], volumes: [{ volume, path: '/data' }] });
      },
      look: ({ pods }) => pods[0].initContainers.map((one: any) => one.name), finds: ['dvc'],
    },
  ],
};
